"""Need beside provision, by locality: what there is, what is missing, and how it went."""
