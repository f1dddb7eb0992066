"""Listings kept true by who keeps them: proposed, reviewed, published, confirmed, imported."""
