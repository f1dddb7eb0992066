"""Changing a listing: the steps, the page that shows it whole before it is sent, and what comes after."""
