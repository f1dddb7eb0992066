"""Gives a Jinja environment what templates are written with: assets, icons, form controls and filters. Knows no domain.

In: an environment, the built assets and who can say which locale the page is in. The environment's own templates keep their
strict ways; the Design System's control macros, which count on undefined values, are loaded through an overlay of their own.
The application adds the words: `_`, `ngettext` and `pgettext` as globals (see `portal.i18n.text`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Final

from babel import Locale
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

from portal.i18n.languages import direction
from portal.ui import filters
from portal.ui.assets import Assets

CONTROLS: Final = ("checkboxes", "error-summary", "input", "select")
LOCAL_FILTERS: Final = (
    filters.number,
    filters.distance,
    filters.money,
    filters.long_date,
    filters.short_date,
    filters.weekday,
    filters.clock_time,
    filters.time_range,
    filters.ago,
    filters.list_and,
)
TURNING_ICONS: Final = frozenset({"back", "forward", "walk"})


def install(env: Environment, assets: Assets, locale: Callable[[], Locale]) -> None:
    """Register globals (`asset`, `icon`, `direction`, `govukInput` and its kin) and filters on `env`.

    `locale` is asked each time a filter runs. Raises `NotFound` when the build made no icons.
    """
    env.globals.update(asset=assets.url, icon=_icons(assets), direction=direction, **_controls(env))
    env.filters.update({speak.__name__: _in_locale(speak, locale) for speak in LOCAL_FILTERS})
    env.filters["dialable"] = filters.dialable


def _icons(assets: Assets) -> Callable[[str], Markup]:
    sprite = assets.url("icons.svg")

    @cache
    def icon(name: str) -> Markup:
        classes = "icon icon-turns" if name in TURNING_ICONS else "icon"
        markup = Markup('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>')
        return markup.format(classes, sprite, name)

    return icon


def _controls(env: Environment) -> dict[str, Any]:
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    lenient = env.overlay(undefined=ChainableUndefined, loader=loader, autoescape=True)
    return {_macro(name): _load(lenient, name) for name in CONTROLS}


def _load(env: Environment, name: str) -> object:
    return getattr(env.get_template(f"govuk_frontend_jinja/components/{name}/macro.html").module, _macro(name))


def _macro(name: str) -> str:
    return "govuk" + "".join(part.capitalize() for part in name.split("-"))


def _in_locale(speak: Callable[..., Any], locale: Callable[[], Locale]) -> Callable[..., Any]:
    @wraps(speak)
    def spoken(*values: Any, **options: Any) -> Any:
        return speak(locale(), *values, **options)

    return spoken
