"""Tell it once: what somebody asks of organisations or the front door, with consent, until it is answered."""
