"""Other people's servers: one polite request at a time, that cannot be turned on the inside network. Knows no domain."""
