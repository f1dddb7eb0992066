"""Who takes a message away: settings in, one carrier for each channel out. A carrier returns when it was taken, and raises if not.

Where no server is set, messages lie in a folder for the officer to read, and `is_folder` says so to pages.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import httpx

from portal import clock
from portal.config import LOOPBACK, Settings
from portal.disk import sync
from portal.mail.message import Channel, Message, as_author, as_email

TIMEOUT: Final = 20.0  # seconds, for each step
NOBODY: Final = "noreply@localhost"  # whom messages in a folder are from when no sender is set
_GOODBYE: Final = 421  # of SMTP
_FOR_GOOD: Final = 500  # and above: RFC 5321
_NO_SUCH_NUMBER: Final = (400, 422)  # what gateways say of a number that cannot be
_PORTS: Final = {"smtp": smtplib.SMTP_PORT, "smtps": smtplib.SMTP_SSL_PORT}


class Refused(Exception):
    """The server is well and did not take this message; `is_for_good` where it says that it never will. Holds no address."""

    def __init__(self, *, is_for_good: bool) -> None:
        super().__init__("for good" if is_for_good else "for now")
        self.is_for_good = is_for_good


class Carrier(Protocol):
    """Takes messages away."""

    def send(self, message: Message, message_id: str) -> None:
        """Take `message`; a repeat comes under the same id. Raises `Refused` or any `Exception` when it was not taken."""


@dataclass(frozen=True)
class FolderCarrier:
    """Writes messages into `folder`, for their owner's eyes only: e-mails as `.eml`, text messages as `.txt`."""

    folder: Path
    sender: str = NOBODY

    def send(self, message: Message, message_id: str) -> None:
        """Write the message whole, or not at all."""
        is_email = message.channel == "email"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        path = self.folder / f"{clock.now():%Y%m%dT%H%M%SZ}-{message_id}{'.eml' if is_email else '.txt'}"
        text = as_email(message, message_id, self.sender, "8bit").as_bytes() if is_email else _as_text(message)
        unfinished = path.with_suffix(".part")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync(self.folder)  # counted as sent after this


def _as_text(message: Message) -> bytes:
    return f"To: {message.to}\n\n{message.body}\n".encode("utf-8", "replace")


@dataclass(frozen=True)
class SmtpCarrier:
    """Hands e-mails to the server at `url` (smtp:// or smtps://, with user and password where it asks for them)."""

    url: str = field(repr=False)
    sender: str
    timeout: float = TIMEOUT

    def send(self, message: Message, message_id: str) -> None:
        """Hand the e-mail over. What the server says after taking it is no matter: it would only be sent twice."""
        email = as_email(message, message_id, self.sender, "quoted-printable")
        server = urlsplit(self.url)
        with closing(self._connected(server)) as connection:
            _greet(connection, server)
            _hand_over(connection, email)
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()

    def _connected(self, server: SplitResult) -> smtplib.SMTP:
        host, port, our_name = server.hostname or "", server.port or _PORTS[server.scheme], as_author(self.sender).domain
        if server.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, our_name, timeout=self.timeout, context=_tls(host))
        return smtplib.SMTP(host, port, our_name, timeout=self.timeout)


def _greet(connection: smtplib.SMTP, server: SplitResult) -> None:
    """Turn encryption on where it is offered, and sign in; a password goes nowhere without encryption, this machine aside."""
    host = server.hostname or ""
    connection.ehlo_or_helo_if_needed()
    is_private = server.scheme == "smtps" or host in LOOPBACK
    if server.scheme == "smtp" and connection.has_extn("starttls"):
        connection.starttls(context=_tls(host))
        is_private = True
    if server.username:
        if not is_private:
            raise smtplib.SMTPNotSupportedError("the server offers no encryption, and a password is set")
        connection.login(unquote(server.username), unquote(server.password or ""))


def _hand_over(connection: smtplib.SMTP, email: EmailMessage) -> None:
    """As `send_message` does, which writes `>From` for lines that begin with From."""
    author, to = (email[name].addresses[0].addr_spec for name in ("From", "To"))
    options = () if to.isascii() else ("SMTPUTF8", "BODY=8BITMIME")
    try:
        connection.sendmail(author, [to], email.as_bytes(), options)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        code = error.smtp_code if isinstance(error, smtplib.SMTPDataError) else error.recipients[to][0]
        if code == _GOODBYE:  # it refused nobody: it goes
            raise
        raise Refused(is_for_good=code >= _FOR_GOOD) from error


def _tls(host: str) -> ssl.SSLContext:
    """Certificates are checked, except this machine's own, which nobody signs."""
    context = ssl.create_default_context()
    if host in LOOPBACK:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@dataclass(frozen=True)
class SmsCarrier:
    """Hands text messages to the gateway at `url`, as JSON `{"to", "body"}` with a bearer token."""

    url: str
    token: str = field(repr=False)
    timeout: float = TIMEOUT

    def send(self, message: Message, message_id: str) -> None:
        """Hand the text message over; the gateway must answer 2xx."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": message_id}
        content = {"to": message.to, "body": message.body}
        answer = httpx.post(self.url, json=content, headers=headers, timeout=self.timeout)
        if answer.status_code in _NO_SUCH_NUMBER:
            raise Refused(is_for_good=True)
        answer.raise_for_status()


@dataclass(frozen=True)
class Carriers:
    """One carrier for each channel."""

    email: Carrier
    sms: Carrier

    def of(self, channel: Channel) -> Carrier:
        """Who takes messages of `channel`."""
        return self.email if channel == "email" else self.sms

    def is_folder(self, channel: Channel) -> bool:
        """Whether messages of `channel` reach nobody but the officer who looks into the folder."""
        return isinstance(self.of(channel), FolderCarrier)


def carriers_from(settings: Settings) -> Carriers:
    """The carriers that the settings name, and the folder `outbox` in place of those that they do not."""
    folder = FolderCarrier(settings.instance / "outbox", settings.mail_from or NOBODY)
    return Carriers(
        email=SmtpCarrier(settings.smtp_url, settings.mail_from) if settings.smtp_url else folder,
        sms=SmsCarrier(settings.sms_url, settings.sms_token) if settings.sms_url else folder,
    )
