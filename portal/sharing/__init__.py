"""What a person keeps: my list, with notes, to print and to share."""
