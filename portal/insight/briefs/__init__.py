"""Two pages on paper about a locality or the borough: need beside provision, with charts, in the reader's language."""
