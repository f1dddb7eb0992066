"""The page elsewhere that "Exit this page" leads to, on this machine: a small server with a certificate of its own.

Playwright's routes cannot stand in for it: they are not asked about redirects, and while there are any the browser keeps no page in
its cache, which is what these tests are about.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PAGE: Final = b'<!doctype html><html lang="en"><title>Sunny</title><link rel="icon" href="data:,"><h1>Sunny</h1></html>'


class _Weather(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.referrers.append(self.headers.get("Referer", ""))  # type: ignore[attr-defined]  # put there below
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def elsewhere(host: str, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """While it lasts: the browser's option that finds `host` here, and who was said to have sent each visitor."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Weather)
    server.referrers = []  # type: ignore[attr-defined]  # for the handler above
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(host, folder / "elsewhere.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"--host-resolver-rules=MAP {host}:443 127.0.0.1:{server.server_port}", server.referrers  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def _certificate(host: str, path: Path) -> Path:
    """A key and a certificate for `host` that only a test would trust."""
    key, today = generate_private_key(SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = builder.not_valid_before(today - timedelta(1)).not_valid_after(today + timedelta(1)).sign(key, SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + signed.public_bytes(Encoding.PEM))
    return path
