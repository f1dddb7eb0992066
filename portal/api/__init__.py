"""Open data: the directory as Open Referral UK 3.0, in other formats, and other directories' feeds in."""
