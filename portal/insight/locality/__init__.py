"""The public page of a locality: its people, what is here, what happens this week, who helps, and what is missing."""
