"""How often the listings of an organization are found, for those who keep them."""
