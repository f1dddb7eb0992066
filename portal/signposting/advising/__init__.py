"""An adviser at the front door, with a caller on the line: the same questions and plan, asked aloud, and a short menu by locality."""
