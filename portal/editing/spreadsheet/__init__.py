"""Listings out to a spreadsheet and back in: a file in, one proposal for a reviewer out, and nothing written on the way."""
