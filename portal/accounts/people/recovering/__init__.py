"""Somebody who lost their passkey: helped by two colleagues, or by whoever has the machine."""
