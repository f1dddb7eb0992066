"""Style, script and icons as built: a plain name in ("app.css"), the address of its content-hashed file out.

`make assets` writes the files and `manifest.json`; a name that is not in it is a mistake in a template and raises. The site's own style
is served in the council's colours: a phone asks once for both.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from portal.errors import ConfigError, NotFound

STATIC: Final = Path(__file__).parent / "static"
PREFIX: Final = "/static/"
COLOURED: Final = ("app.css", "app.rtl.css")
OWN_COLOURS: Final = re.compile(r":root\{--brand:[^{}]*\}")  # as the build writes them


@dataclass(frozen=True)
class Assets:
    """The built files: plain name → hashed name, below `prefix`. `coloured` are texts by plain name that no file holds."""

    names: Mapping[str, str]
    prefix: str = PREFIX
    folder: Path = STATIC
    coloured: Mapping[str, str] = field(default_factory=dict)

    def url(self, name: str) -> str:
        """The address of an asset. Raises `NotFound` for a name that was not built."""
        if name not in self.names:
            raise NotFound(f"No asset is called {name!r}: the build makes {', '.join(sorted(self.names))}.")
        return self.prefix + self.names[name]

    def text(self, name: str) -> str:
        """What a text asset says, as it is served."""
        return self.coloured[name] if name in self.coloured else (self.folder / self.names[name]).read_text("utf-8")

    def in_colours(self, colours: str) -> Assets:
        """With these colours in the site's own style, under names that change with them. `colours` is a rule of custom properties."""
        texts = {name: OWN_COLOURS.sub(lambda _own: colours, self.text(name), count=1) for name in COLOURED}
        names = {name: f"{name.removesuffix('.css')}-{hashlib.sha256(text.encode()).hexdigest()[:10]}.css" for name, text in texts.items()}
        return replace(self, names={**self.names, **names}, coloured=texts)


def load_assets(folder: Path = STATIC, prefix: str = PREFIX) -> Assets:
    """Read the manifest of a build. Raises `ConfigError` when nothing has been built."""
    try:
        return Assets(json.loads((folder / "manifest.json").read_text("utf-8")), prefix, folder)
    except FileNotFoundError as error:
        raise ConfigError(f"{folder} holds no manifest.json: run `make assets` first.") from error
