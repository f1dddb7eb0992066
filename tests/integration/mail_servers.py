"""A mail server and a text message gateway on loopback, which take, refuse, hang, break off or are slow, and show what they were told."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal import clock


@dataclass
class MailServer:
    """How the server behaves, and what it took. `answers` replaces its answer to a command, such as {"RCPT": "550 no such user"}."""

    answers: dict[str, str] = field(default_factory=dict)
    hangs_at: str = ""  # a command, "220" for the greeting, "TAKEN" for when it has the whole message
    drops_at: str = ""  # as above, and "BODY" for the middle of the message
    slow_by: float = 0.0  # seconds before each answer
    refuses: dict[str, str] = field(default_factory=dict)  # answers to RCPT, by address
    features: tuple[str, ...] = ("8BITMIME",)
    certificate: ssl.SSLContext | None = None
    is_wrapped: bool = False  # speaks TLS from the first byte
    taken: list[bytes] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0
    released: threading.Event = field(default_factory=threading.Event)


class _Talk(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        self.told: MailServer = self.server.told  # type: ignore[attr-defined]
        try:
            if self.told.is_wrapped:
                self._encrypt()
            if self._answer("220", "220 here"):
                while line := self.rfile.readline():
                    if not self._obey(line.decode().strip()):
                        return
        except (OSError, ssl.SSLError):
            return

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # the server closes only the socket that it opened, not what was wrapped around it

    def _obey(self, line: str) -> bool:
        self.told.said.append(line)
        word = line.partition(" ")[0].upper()
        if word == "EHLO":
            features = ["STARTTLS"] if self.told.certificate and not isinstance(self.connection, ssl.SSLSocket) else []
            lines = ["here", *self.told.features, *features]
            return self._answer(word, "\r\n".join([*(f"250-{it}" for it in lines[:-1]), f"250 {lines[-1]}"]))
        if word == "STARTTLS":
            return self._answer(word, "220 go ahead") and self._encrypt()
        if word == "DATA" and word not in self.told.answers:
            return self._answer(word, "354 go on") and self._take()
        refused = next((answer for address, answer in self.told.refuses.items() if word == "RCPT" and address in line), "250 ok")
        ordinary = {"AUTH": "235 welcome", "QUIT": "221 bye"}.get(word, refused)
        return self._answer(word, ordinary) and word != "QUIT"

    def _take(self) -> bool:
        text = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line or self.told.drops_at == "BODY":
                return False
            text += line.removeprefix(b".")
        if "TAKEN" not in self.told.answers:
            self.told.taken.append(text)
            self.told.encrypted.append(isinstance(self.connection, ssl.SSLSocket))
        return self._answer("TAKEN", "250 taken")

    def _answer(self, word: str, ordinary: str) -> bool:
        if self.told.hangs_at == word:
            self.told.released.wait(10)
        if word in (self.told.hangs_at, self.told.drops_at):
            return False
        self.told.released.wait(self.told.slow_by)
        self.wfile.write(self.told.answers.get(word, ordinary).encode() + b"\r\n")
        return True

    def _encrypt(self) -> bool:
        assert self.told.certificate
        self.connection = self.request = self.told.certificate.wrap_socket(self.connection, server_side=True)
        self.setup()
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    block_on_close = True

    def shutdown_request(self, request: Any) -> None:
        """Closed already where it was wrapped."""
        if request.fileno() >= 0:
            super().shutdown_request(request)


@contextmanager
def mail_server(**behaviour: Any) -> Iterator[MailServer]:
    """A mail server that behaves as told, while the context lasts."""
    told = MailServer(**behaviour)
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.told = told  # type: ignore[attr-defined]
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield told
        finally:
            told.released.set()
            server.shutdown()
            thread.join()


@dataclass
class Gateway:
    """The status that the gateway answers with, and the requests that it had: (headers, content)."""

    status: int
    had: list[tuple[dict[str, str], Any]] = field(default_factory=list)
    url: str = ""


@contextmanager
def gateway(status: int = 200) -> Iterator[Gateway]:
    """A text message gateway while the context lasts."""
    told = Gateway(status)

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.had.append((dict(self.headers), json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(told.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Take) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}/messages"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody signed, for a server's side."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    made = clock.now()
    day = timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(made - day).not_valid_after(made + day)
    pem = folder / "certificate.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
