"""How good listings are, for the council: by area and by organization, each number with the listings behind it."""
