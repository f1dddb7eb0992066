"""Places: what a person typed → a place; boundaries, postcodes, names, distance."""
