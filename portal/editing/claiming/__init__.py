"""Organizations that ask for their listings: somebody claims one that is listed, or tells us of one that is missing; a person decides."""
