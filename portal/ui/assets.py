"""Style, script and icons as built: a plain name in ("app.css"), the address of its content-hashed file out.

`make assets` writes the files and `manifest.json`; a name that is not in it is a mistake in a template and raises.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.errors import ConfigError, NotFound

STATIC: Final = Path(__file__).parent / "static"
PREFIX: Final = "/static/"


@dataclass(frozen=True)
class Assets:
    """The built files: plain name → hashed name, below `prefix`."""

    names: Mapping[str, str]
    prefix: str = PREFIX

    def url(self, name: str) -> str:
        """The address of an asset. Raises `NotFound` for a name that was not built."""
        if name not in self.names:
            raise NotFound(f"No asset is called {name!r}: the build makes {', '.join(sorted(self.names))}.")
        return self.prefix + self.names[name]


def load_assets(folder: Path = STATIC, prefix: str = PREFIX) -> Assets:
    """Read the manifest of a build. Raises `ConfigError` when nothing has been built."""
    try:
        return Assets(json.loads((folder / "manifest.json").read_text("utf-8")), prefix)
    except FileNotFoundError as error:
        raise ConfigError(f"{folder} holds no manifest.json: run `make assets` first.") from error
