"""The directory in other formats than Open Referral's JSON: a feed of changes, a table, a package; and the page that tells of them all."""
