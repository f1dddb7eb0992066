"""Banners: written, looked at, put up, taken down."""
