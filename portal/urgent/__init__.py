"""Help for danger: the cards, the words that call for them, and the page that never depends on anything that can break."""
