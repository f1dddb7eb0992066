"""nginx in front of a served portal, on free ports of this machine, with the files of `deploy/nginx` but for addresses and folders."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from serving import free_port
from waiting import wait_until

from portal.config import CHECKOUT

DEPLOY = CHECKOUT / "deploy" / "nginx"
PATIENCE = 60.0  # seconds
NAME = "help.example.org"


@dataclass(frozen=True)
class Front:
    """Where nginx listens with and without TLS, and the folder of what it writes."""

    port: int
    plain_port: int
    folder: Path

    @property
    def log(self) -> str:
        """Its log of requests."""
        return (self.folder / "log" / "portal.log").read_text("utf-8")


def program() -> str | None:
    """nginx, where this machine has it."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def write_settings(folder: Path, portal_port: int) -> Front:
    """Write a whole configuration into `folder`, made of the files that a council installs."""
    front = Front(free_port(), free_port(), folder)
    for name in ("log", "cache", "body"):
        (folder / name).mkdir(parents=True)
    _certify(folder)
    changes = {
        "include /opt/portal/deploy/nginx/": f"include {folder}/",
        "/opt/portal/": f"{CHECKOUT}/",
        "/var/log/nginx/": f"{folder}/log/",
        "/var/cache/nginx/portal": f"{folder}/cache",
        f"/etc/letsencrypt/live/{NAME}/": f"{folder}/",
        "127.0.0.1:8000": f"127.0.0.1:{portal_port}",
        "listen [::]:443 ssl http2;": "",
        "listen [::]:80;": "",
        "listen 443 ": f"listen 127.0.0.1:{front.port} ",
        "listen 80;": f"listen 127.0.0.1:{front.plain_port};",
    }
    for name in ("portal.conf", "portal-site.conf"):
        text = (DEPLOY / name).read_text("utf-8")
        for before, after in changes.items():
            text = text.replace(before, after)
        (folder / name).write_text(text, "utf-8")
    (folder / "nginx.conf").write_text(_around(folder), "utf-8")
    return front


def _around(folder: Path) -> str:
    """What Debian's own nginx.conf does."""
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(f"{kind}_temp_path {folder}/body;" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    types = "types { text/html html; text/css css; application/javascript js; image/svg+xml svg; image/png png; }"
    http = f"http {{ {types} sendfile on; {temporary} include {folder}/portal.conf; }}"
    events = "worker_processes 1; events { worker_connections 1024; }"
    return f"{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/log/start.log; {events} {http}"


def check(front: Front) -> str:
    """What `nginx -t` says of it; empty when all is well."""
    done = subprocess.run(
        [program() or "", "-q", "-t", "-c", str(front.folder / "nginx.conf")], capture_output=True, text=True, check=False
    )
    return done.stderr.strip()


@contextmanager
def running(front: Front) -> Iterator[Front]:
    """nginx while the context lasts."""
    process = subprocess.Popen([program() or "", "-c", str(front.folder / "nginx.conf")])
    try:
        wait_until(lambda: process.poll() is not None or _listens(front.port), "nginx does not start")
        yield front
    finally:
        process.send_signal(signal.SIGQUIT if process.poll() is None else 0)
        process.wait(timeout=PATIENCE)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _certify(folder: Path) -> None:
    """A certificate that only this test trusts."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = made.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1)).sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(*private))
