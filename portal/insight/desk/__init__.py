"""The commissioners' desk: need beside provision as tables, maps, files and papers, and what would change it."""
