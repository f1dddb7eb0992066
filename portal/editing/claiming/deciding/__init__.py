"""Who decides on claims: those who keep the listings already, and the council's reviewers."""
