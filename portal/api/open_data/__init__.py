"""The page that tells people what is open, how to take it and under which licence."""
