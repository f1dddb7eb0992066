"""Everybody with an account, for administrators: their roles given and taken away, and somebody let go."""
