"""nginx in front of a served site, as it stands in production: it takes whole requests before it passes one on."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from faults.crowd import status_of
from faults.trial import NotShown, program
from serving import Served, free_port

CONFIGURATION = """
daemon off;
user root;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  client_header_timeout 10s;
  client_body_timeout 10s;
  client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/answers;
  fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  upstream site {{ server {site}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://site;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""


@contextmanager
def nginx_before(site: Served, folder: Path) -> Iterator[Served]:
    """The same site by nginx's address, while the context lasts. Raises `NotShown` where there is no nginx."""
    nginx = program("nginx", "nginx-light")
    folder.mkdir()
    port = free_port()
    written = CONFIGURATION.format(folder=folder, port=port, site=site.url.removeprefix("http://"))
    (folder / "nginx.conf").write_text(written.replace("user root;\n", "") if not _is_root() else written, "utf-8")
    process = subprocess.Popen([nginx, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"])
    front = replace(site, url=f"http://127.0.0.1:{port}")
    try:
        for _ in range(100):
            if status_of(lambda: front.get("/healthz")) == 200:
                break
            time.sleep(0.1)
        else:
            raise NotShown(f"nginx did not start: {(folder / 'error.log').read_text()[-300:]}")
        yield front
    finally:
        process.terminate()
        process.wait(20)


def _is_root() -> bool:
    return Path("/proc/self").stat().st_uid == 0
