"""E-mail addresses of people with an account: as typed in, in one form out, so that one address is one person."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


def normal(typed: str) -> str:
    """The address in the one form it is stored and looked up in; empty for what is none. No look-up in the network."""
    try:
        found = validate_email(typed.strip()[: LONGEST + 1], check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return ""
    return f"{found.local_part.lower()}@{found.domain}"  # the domain is normal already: to fold it would make straße.de strasse.de
