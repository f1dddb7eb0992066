"""Languages: which are offered, their direction, safe text with fallback, and the chosen language of a request."""
