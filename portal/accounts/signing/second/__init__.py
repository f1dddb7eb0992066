"""The second step after a link: the passkey, a code of the app, or setting one of them up."""
