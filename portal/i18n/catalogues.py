"""Catalogues: `translations/<language>/LC_MESSAGES/portal.po` in; problems in words, compiled files, and their state out.

A catalogue with a problem is never compiled: what reaches a page has every plural form, the placeholders of its English, and
no markup. Translators' text is escaped on the page all the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from gettext import c2py
from pathlib import Path
from typing import Final

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from portal.config import CHECKOUT
from portal.errors import ContentError
from portal.i18n.extract import content
from portal.i18n.languages import SOURCE

DOMAIN: Final = "portal"
KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "marked": None,
    "in_language": (2,),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
CONTENT: Final = ("taxonomy.yaml", "urgent.yaml", "assessments/wellbeing.yaml", "assessments/carer.yaml", "steps.yaml", "money.yaml")
MOST_COUNTED: Final = 1_000
# Where no word may be missing: urgent help, search, and what frames every page. Elsewhere English stands in, marked.
NEEDED: Final = ("content/urgent.yaml", "content/taxonomy.yaml", "portal/urgent/", "portal/search/", "portal/ui/", "portal/web/")
PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")
_MARKUP: Final = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]\w*;")
_STRAY_PERCENT: Final = re.compile(r"%(?!\(\w+\)s|%)")


def _path(folder: Path, language: str, suffix: str) -> Path:
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"


def read_catalogue(folder: Path, language: str) -> Catalog:
    """The catalogue of a language. Raises `ContentError` for one that is missing or cannot be read."""
    path = _path(folder, language, "po")
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)
    except (OSError, PoFileError, UnknownLocaleError, LookupError, ValueError) as error:
        raise ContentError(f"{path}: {error}") from error


def extract() -> Catalog:
    """All words of the code, the templates and the content, as a template for catalogues."""
    template = Catalog(domain=DOMAIN, project="Doorstep", charset="utf-8")
    root = CHECKOUT / "portal"
    options = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    for name, _line, message, _comments, context in extract_from_dir(root, methods, options, keywords=KEYWORDS):
        template.add(message, locations=[(f"portal/{name}", 0)], context=context)
    for name in CONTENT:
        with (CHECKOUT / "content" / name).open("rb") as file:
            for _line, _function, text, _ in content(file, None, None, None):
                template.add(text, locations=[(f"content/{name}", 0)])
    return template


def update(folder: Path, languages: Iterable[str]) -> None:
    """Write `portal.pot` and bring every catalogue in line with it; translations that no longer fit are marked fuzzy."""
    template = extract()
    _write(folder / f"{DOMAIN}.pot", template)
    for language in languages:
        if language == SOURCE:
            continue
        path = _path(folder, language, "po")
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = read_catalogue(folder, language) if path.exists() else Catalog(locale=language, domain=DOMAIN, project="Doorstep")
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        _write(path, catalogue)


def _write(path: Path, catalogue: Catalog) -> None:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, omit_header=False, width=0, include_lineno=False)
    steady = [
        line
        for line in buffer.getvalue().decode("utf-8").splitlines(keepends=True)
        if not line.startswith(('"POT-Creation', '"Generated-By'))
    ]
    path.write_text("".join(steady), "utf-8")


def compile_all(folder: Path) -> Iterator[str]:
    """Compile every sound catalogue; one line each. Raises `ContentError` for the first that is unsafe."""
    for path in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        language = path.parent.parent.name
        catalogue = read_catalogue(folder, language)
        unsafe = [*_miscounting(catalogue), *(problem for message in catalogue if message.id for problem in _unsafe(catalogue, message))]
        if unsafe:
            raise ContentError(f"{path}: {unsafe[0]}" + (f" (and {len(unsafe) - 1} more)" if len(unsafe) > 1 else ""))
        with _path(folder, language, "mo").open("wb") as file:
            write_mo(file, catalogue)
        yield f"{language}: {sum(_is_whole(message) for message in catalogue if message.id)} messages"


def problems(folder: Path, languages: Iterable[str]) -> list[str]:
    """Everything that is unsafe in the catalogues of `languages`, and every message of `NEEDED` that is missing, in words."""
    template = extract()
    found: list[str] = []
    for language in languages:
        if language == SOURCE:
            continue
        catalogue = read_catalogue(folder, language)
        found += [f"{language}: {problem}" for problem in _miscounting(catalogue)]
        for message in template:
            if message.id:
                found += [f"{language}: {problem}" for problem in _problems(catalogue, message)]
    return found


def _problems(catalogue: Catalog, wanted: Message) -> Iterator[str]:
    message = _find_whole(catalogue, wanted)
    if message is not None:
        yield from _unsafe(catalogue, message)
    elif any(place.startswith(NEEDED) for place, _ in wanted.locations):
        yield f"not translated: {_singular(wanted)!r}"


def _find_whole(catalogue: Catalog, wanted: Message) -> Message | None:
    message = catalogue.get(wanted.id, wanted.context)
    return message if message is not None and _is_whole(message) else None


def _is_whole(message: Message) -> bool:
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(forms) and all(forms) and "fuzzy" not in message.flags


def _unsafe(catalogue: Catalog, message: Message) -> Iterator[str]:
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
    if not any(forms):
        return
    if message.pluralizable and sum(map(bool, forms)) != catalogue.num_plurals:
        yield f"{sum(map(bool, forms))} plural forms where the language has {catalogue.num_plurals}: {ids[0]!r}"
    allowed = {name for text in ids for name in PLACEHOLDER.findall(text)}
    needed = set(PLACEHOLDER.findall(ids[0])) & set(PLACEHOLDER.findall(ids[-1]))
    for form in filter(None, forms):
        used = set(PLACEHOLDER.findall(form))
        if not needed - {"num"} <= used <= allowed or (allowed and _STRAY_PERCENT.search(form)):
            yield f"placeholders {sorted(used)} instead of {sorted(allowed)}: {ids[0]!r}"
        if _MARKUP.search(form):
            yield f"markup in a message: {form!r}"


def _miscounting(catalogue: Catalog) -> Iterator[str]:
    """Whether the catalogue's own rule for plurals works as gettext will work it, for numbers of every ending."""
    try:
        form_of = c2py(catalogue.plural_expr)
        forms = {form_of(number) for number in range(MOST_COUNTED)}
    except (ValueError, ArithmeticError, RecursionError) as error:
        yield f"the rule for plurals cannot be worked: {catalogue.plural_expr!r} ({error})"
    else:
        if not forms <= set(range(catalogue.num_plurals)):
            yield f"the rule for plurals gives forms {sorted(forms)} of {catalogue.num_plurals}: {catalogue.plural_expr!r}"


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def count_whole(folder: Path, language: str) -> tuple[int, int]:
    """How many messages of `language` are translated, and how many there are."""
    with (folder / f"{DOMAIN}.pot").open("rb") as file:
        template = [message for message in read_po(file) if message.id]
    if language == SOURCE:
        return len(template), len(template)
    catalogue = read_catalogue(folder, language)
    return sum(_find_whole(catalogue, message) is not None for message in template), len(template)
