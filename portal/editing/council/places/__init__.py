"""Words about localities, and who helps there."""
