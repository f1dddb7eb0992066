"""An authenticator in software: options of the site in, the answers of a passkey out, honest or altered as a test wishes.

It makes ES256 keys and attestation "none", and says that it has seen its owner, as phones do.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT_AND_VERIFIED: Final = 0x05
HOLDS_KEY: Final = 0x40


def text(raw: bytes) -> str:
    """Bytes as WebAuthn writes them."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def raw(written: str) -> bytes:
    """The bytes of what WebAuthn wrote."""
    return urlsafe_b64decode(written + "=" * (-len(written) % 4))


@dataclass
class Authenticator:
    """One device with one passkey. Change a field to make it lie."""

    origin: str = "http://localhost:8000"
    host: str = "localhost"
    count: int = 0
    flags: int = PRESENT_AND_VERIFIED
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes = b""

    def make(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`."""
        self.handle = raw(options["user"]["id"])
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._public_key()
        attested = {"fmt": "none", "attStmt": {}, "authData": self._about(HOLDS_KEY) + held}
        client = self._client("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": text(client), "attestationObject": text(cbor2.dumps(attested)), "transports": ["internal"]})

    def use(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.get`."""
        self.count += 1
        about, client = self._about(0), self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": about, "signature": signature, "userHandle": self.handle}
        return self._answer({name: text(part) for name, part in parts.items()})

    def _about(self, more: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def _answer(self, response: dict[str, Any]) -> str:
        answer = {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
        return json.dumps({**answer, "clientExtensionResults": {}, "authenticatorAttachment": "platform"})
