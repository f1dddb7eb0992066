"""What is sent: a message in, bytes to seal or an e-mail out. Line breaks never reach a header, nor a second recipient."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final, Literal

from portal import clock

Channel = Literal["email", "sms"]
Encoding = Literal["8bit", "quoted-printable"]
_ONE_ADDRESS: Final = re.compile(r"""[^\s@<>()\[\],;:"\\]+@[^\s@<>()\[\],;:"\\]+""")

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # not the joiners that Urdu is written with


@dataclass(frozen=True)
class Message:
    """One message to one person: `to` is an e-mail address or a telephone number. A text message has no subject.

    An e-mail may say the same in `html`, and the `language` that it is in: see `letter`, which makes both. They have defaults
    because messages that were packed before there were any may still wait.
    """

    channel: Channel
    to: str
    subject: str
    body: str
    html: str = ""
    language: str = ""

    def packed(self) -> bytes:
        """The whole message as bytes."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpacked(cls, packed: bytes) -> Message:
        """The message in what `packed` gave."""
        return cls(**json.loads(packed))


def as_email(message: Message, message_id: str, sender: str, encoding: Encoding) -> EmailMessage:
    """The e-mail: plain text, and beside it HTML where there is some. An address beyond ASCII makes it UTF-8 throughout.

    Raises `ValueError` unless `to` is one address.
    """
    email = EmailMessage(policy.SMTP if message.to.isascii() else policy.SMTPUTF8)
    author = as_author(sender)
    email["From"] = author
    email["To"] = as_address(message.to)
    email["Subject"] = _line(message.subject)
    email["Date"] = format_datetime(clock.now())
    email["Message-ID"] = f"<{message_id}@{author.domain}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(_whole(message.body), cte=encoding)
    if message.html:
        email.add_alternative(_whole(message.html), subtype="html", cte=encoding)
    if message.language:  # after the content, which begins by dropping all that was said of content before
        email["Content-Language"] = _line(message.language)
    return email


def as_author(sender: str) -> Address:
    """`name@host` or `Name <name@host>`, as the settings allow it."""
    name, _, spec = sender.rpartition("<")
    return as_address(spec.removesuffix(">"), _line(name))


def as_address(spec: str, name: str = "") -> Address:
    """`spec` (name@host) as an address; hosts beyond ASCII in the form that every server knows. Raises `ValueError`."""
    if not _ONE_ADDRESS.fullmatch(spec):
        raise ValueError("not one e-mail address")
    username, _, host = spec.rpartition("@")
    return Address(name, username, host.encode("idna").decode())


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", _whole(text)).split())


def _whole(text: str) -> str:
    """`text` without halves of letters, which no encoding can hold."""
    return text.encode("utf-8", "replace").decode()
