"""Other directories' Open Referral feeds, kept in step: what they list becomes listings here, by the loader, a page at a time.

One way through: `calling` (an address → bytes, politely) · `envelope` (bytes → listings as sent) · `foreign` (a listing as sent → one
that cannot speak of anybody else's records) · `twins` (is it here already?) · `taking` (a page → the directory, and what waits for a
reviewer) · `ending` (what a whole reading did not name) · `pulling` (a reading from its first page to its last, which can be killed
anywhere). A feed that is gone, empty or half withdraws nothing.
"""
