"""Who has an account and what for: asked to help, saying yes or no, keeping an organization's listings, working for the council."""
