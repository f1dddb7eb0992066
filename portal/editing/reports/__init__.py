"""What residents say is wrong: to those who keep the listing, then to the council, and back with an answer."""
