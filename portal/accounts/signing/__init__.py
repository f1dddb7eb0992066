"""Signing in without a password: a passkey, or a link by e-mail and then a code of an app; and the sign-ins that last."""
