"""The list as one cookie: a list in, signed text out, and back.

The text is packed small and signed with the site's secret, so that nobody can put words into another person's list; it is not
secret from whoever holds the phone, and the page says so. What is broken, altered, foreign or old reads as an empty list.
"""

from __future__ import annotations

import hashlib
import uuid
import zlib
from datetime import date, timedelta
from typing import Final

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from portal.sharing.my_list import Kept, MyList

KEPT_FOR: Final = timedelta(days=30)
LONGEST: Final = 3_600  # browsers drop a cookie over 4,096 bytes with its name and attributes; those take under 150
_SALT: Final = b"portal.sharing.cookie"
_FORM: Final = 1  # the way of packing, as its first byte
_DAY: Final = slice(1, 4)
_COUNT: Final = 4
_HEAD: Final = 5
_ID: Final = 16
_BARE: Final = -zlib.MAX_WBITS  # no zlib header or checksum: the signature is better


def cookie_name(secure: bool) -> str:
    """The cookie's name. The prefix makes browsers refuse one that another host, or a page without https, has set."""
    return "__Host-list" if secure else "list"


def seal(my_list: MyList, secret: str, today: date) -> str:
    """The list as a cookie's value; `today` is the day from which it is kept for `KEPT_FOR`."""
    notes = "\n".join(kept.note for kept in my_list.kept).encode()
    ids = b"".join(service_id.bytes for service_id in my_list.service_ids)
    packed = bytes([_FORM]) + today.toordinal().to_bytes(3, "big") + bytes([len(my_list.kept)]) + ids + notes
    squeezed = zlib.compressobj(9, zlib.DEFLATED, _BARE)
    return _signer(secret).sign(base64_encode(squeezed.compress(packed) + squeezed.flush())).decode()


def fits(sealed: str) -> bool:
    """Whether browsers keep a cookie so long."""
    return len(sealed) <= LONGEST


def unseal(value: str | None, secret: str, today: date) -> MyList:
    """The list in a cookie's value, as it was sealed; empty for anything else."""
    if not value or not fits(value) or not value.isascii():
        return MyList()
    try:
        signed = _signer(secret).unsign(value)
    except BadSignature:
        return MyList()
    return _unpack(zlib.decompress(base64_decode(signed), _BARE), today)


def _unpack(packed: bytes, today: date) -> MyList:
    if packed[0] != _FORM or today - date.fromordinal(int.from_bytes(packed[_DAY], "big")) > KEPT_FOR:
        return MyList()
    end = _HEAD + packed[_COUNT] * _ID
    ids = [uuid.UUID(bytes=packed[at : at + _ID]) for at in range(_HEAD, end, _ID)]
    notes = packed[end:].decode().split("\n")
    return MyList(tuple(Kept(service_id, note) for service_id, note in zip(ids, notes, strict=False)))


def _signer(secret: str) -> Signer:
    return Signer(secret, salt=_SALT, key_derivation="hmac", digest_method=hashlib.sha256)
