"""Down from the table: one need, one locality, one need in one locality with the services behind its numbers."""
