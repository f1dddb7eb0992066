"""Text that only who holds the key can read: a token, a code or the site's secret in, sealed bytes out, and back.

AES-256-GCM with a fresh nonce for each sealing; what the bytes belong to (a row's id, its expiry) is bound in, so that they open
nowhere else. Keys are never stored: a copy of the database shows sealed bytes and look-up ids that lead back to nothing.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.errors import PortalError

_NONCE: Final = 12  # bytes, as the standard recommends for GCM
_KEY: Final = 32
_TOKEN: Final = re.compile(r"[\w-]{43}", re.ASCII)
_ID: Final = 16
_PASSES: Final = 3  # RFC 9106's second recommended setting: 3 passes over 64 MiB, with one lane for small machines
_MEMORY_KIB: Final = 64 * 1024


class Unreadable(PortalError):
    """Sealed bytes were altered, belong elsewhere, or the key is another."""


@dataclass(frozen=True)
class Key:
    """A key with the id under which its bytes are looked up; the id says nothing about the key."""

    id: str
    secret: bytes

    def seal(self, text: bytes, belongs_to: str) -> bytes:
        """`text`, sealed and bound to `belongs_to`."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self.secret).encrypt(nonce, text, belongs_to.encode())

    def open(self, sealed: bytes, belongs_to: str) -> bytes:
        """What was sealed. Raises `Unreadable`."""
        try:
            return AESGCM(self.secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], belongs_to.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable("sealed bytes do not open") from error


def new_token() -> str:
    """A random token of 256 bits, safe in a cookie or an address."""
    return secrets.token_urlsafe(_KEY)


def is_token(text: str) -> bool:
    """Whether it has the shape of what `new_token` gives; anything else was never ours."""
    return _TOKEN.fullmatch(text) is not None


def key_of_token(token: str, purpose: str) -> Key:
    """The key of a long random token, for one purpose; quick, since a token cannot be guessed."""
    return _split(HKDF(algorithm=SHA256(), length=_ID + _KEY, salt=None, info=purpose.encode()).derive(token.encode()))


def key_of_code(code: str, secret: str) -> Key:
    """The key of a code that people write down. Slow (Argon2id), so that trying codes against a copy of the database is hopeless.

    The site's secret is the salt: codes cannot be worked through in advance, nor without the secret at all.
    """
    salt = HKDF(algorithm=SHA256(), length=_ID, salt=None, info=b"codes").derive(secret.encode())
    return _split(Argon2id(salt=salt, length=_ID + _KEY, iterations=_PASSES, lanes=1, memory_cost=_MEMORY_KIB).derive(code.encode()))


def key_of_site(secret: str, purpose: str) -> Key:
    """The site's own key for one purpose: for what the site itself must read again, such as mail that waits."""
    return key_of_token(secret, f"site: {purpose}")


def _split(material: bytes) -> Key:
    return Key(material[:_ID].hex(), material[_ID:])
