"""A plan to take away: as text and as PDF."""
