"""What the council writes itself: banners, facts of advice pages, and words about its localities."""
