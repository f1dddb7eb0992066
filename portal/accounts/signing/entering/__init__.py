"""The pages of signing in and out: ask for a link, open it or type its digits, use a passkey; and the second step after a link."""
