"""Who keeps the listings of each organization: asked, joined, handed over, left; and which organizations nobody keeps."""
