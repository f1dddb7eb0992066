"""The core offer: what the council names that every locality should have, and where it is not there yet."""
