"""What a recipient of a request sees, and how they answer: nothing but what was shared with them, by the link that they were sent."""
