"""Links that no longer lead anywhere, found by a polite checker that cannot be turned on the inside network."""
