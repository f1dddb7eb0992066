"""How templates are found and read: every room's own folder, strictly, through globals that are one plain dictionary."""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib import resources
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

import portal


class PageEnvironment(Environment):
    """Templates read the environment's globals themselves.

    Jinja lays an empty dictionary over them for each template (a `ChainMap`), and every page and every import in it then walks all of
    them in Python: a tenth of a page's time. A template that is given globals of its own still has such a layer.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template that is given `d` besides."""
        return super().make_globals(d) if d else self.globals


def install(app: Flask) -> None:
    """Let `app` render the templates of every room. Call it before anything asks for `app.jinja_env`."""
    app.jinja_environment = PageEnvironment
    rooms = sorted(Path(str(resources.files(portal))).glob("*/templates"))
    app.jinja_loader = ChoiceLoader([FileSystemLoader(room) for room in rooms])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
