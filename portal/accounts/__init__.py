"""People who keep the site true: who they are, what they may do, and how they sign in. Residents have no account."""
