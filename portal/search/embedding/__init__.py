"""A small page that other sites show inside their own: a few services near a place; and the page that writes what to copy for it."""
