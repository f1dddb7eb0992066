"""A letter as HTML for mail programs: blocks in, one page out that loads nothing and tells nobody that it was read.

Mail programs drop style sheets, turn colours round in the dark and write from right to left only where they are told on every
level. So all styles are inline, each colour comes with its ground, and direction and side are said in words and in attributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from portal.i18n.languages import SOURCE, direction
from portal.i18n.text import in_language
from portal.i18n.untranslated import END, START, settle, without_signs
from portal.mail.blocks import Block, Code, Heading, Item, Items, Link, Paragraph, Small

BRAND: Final = "#0b5c55"
INK: Final = "#1c2321"
QUIET: Final = "#4b5653"
PAPER: Final = "#ffffff"
MIST: Final = "#f4f7f5"
LINE: Final = "#6b7673"
_LATIN: Final = Markup("system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',sans-serif")
_FONTS: Final = {  # as on the site: portal/ui/frontend/scss/_type.scss
    "ur": Markup("'Noto Nastaliq Urdu','Jameel Noori Nastaleeq','Urdu Typesetting','Noto Naskh Arabic','Geeza Pro',sans-serif"),
    "ar": Markup("'Noto Naskh Arabic','Geeza Pro','Segoe UI',Tahoma,'Noto Sans Arabic',sans-serif"),
    "bn": Markup("'Noto Sans Bengali','Kohinoor Bangla','Bangla Sangam MN','Nirmala UI',Vrinda,sans-serif"),
    "pa": Markup("'Noto Sans Gurmukhi','Gurmukhi MN','Gurmukhi Sangam MN','Nirmala UI',Raavi,sans-serif"),
}
_LINES: Final = {"ur": "1.9", "ar": "1.75", "bn": "1.7", "pa": "1.7"}  # Nastaliq runs deep


@dataclass(frozen=True)
class Sheet:
    """What a letter is written on: its title, its language, what the site calls itself, and the site's colour."""

    title: str
    language: str
    site: str = ""
    brand: str = BRAND

    @property
    def lang(self) -> Markup:
        """The attributes of language and direction."""
        return _lang(self.language)

    @property
    def side(self) -> str:
        """Where lines begin, in a word that every mail program knows."""
        return "right" if direction(self.language) == "rtl" else "left"

    @property
    def type(self) -> Markup:
        """Fonts and the height of lines."""
        return Markup("{};text-align:{}").format(_face(self.language), self.side)


def to_html(blocks: Sequence[Block], sheet: Sheet) -> str:
    """The whole page. Raises `ValueError` for a link that is neither http nor https."""
    content = Markup("\n").join(_block(block, sheet) for block in blocks)
    page = _PAGE.format(
        lang=sheet.lang, title=sheet.title, type=sheet.type, head=_head(sheet), content=content, mist=MIST, paper=PAPER, ink=INK, line=LINE
    )
    return settle(str(page))


_PAGE: Final = Markup("""<!DOCTYPE html>
<html {lang}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta name="format-detection" content="date=no, address=no">
<title>{title}</title>
</head>
<body style="margin:0;padding:0;background-color:{mist};color:{ink}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:{mist};color:{ink}">
<tr><td align="center" style="padding:16px 8px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" {lang}
 style="max-width:600px;background-color:{paper};color:{ink};border:1px solid {line};border-radius:6px">
{head}<tr><td {lang} style="padding:24px 20px;background-color:{paper};color:{ink};font-size:18px;{type}">
{content}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
""")


def _head(sheet: Sheet) -> Markup:
    if not sheet.site:
        return Markup("")
    bar = Markup('<tr><td {} style="padding:12px 20px;background-color:{};color:{};font-size:18px;font-weight:700;{}">{}</td></tr>\n')
    return bar.format(_lang(sheet.language), sheet.brand, PAPER, sheet.type, sheet.site)


def _block(block: Block, sheet: Sheet) -> Markup:
    match block:
        case Paragraph(text, language):
            return _line("p", text, language, "margin:0 0 16px")
        case Heading(text, language):
            return _line("h2", text, language, "margin:24px 0 8px;font-size:20px;font-weight:700")
        case Small(text, language):
            return _line("p", text, language, f"margin:0 0 12px;font-size:16px;color:{QUIET};background-color:{PAPER}")
        case Link():
            return _button(block, sheet)
        case Code(text):
            style = Markup("margin:0 0 16px;font-size:32px;font-weight:700;letter-spacing:4px;text-align:{};{}")
            style = style.format(sheet.side, _face(SOURCE))
            return Markup('<p style="{}"><bdi dir="ltr">{}</bdi></p>').format(style, text)
        case Items(items):
            return _list(items, sheet)


def _line(tag: str, text: str, language: str, style: str) -> Markup:
    """One block of words. What is wholly English in another language's letter is English as a block, from left to right."""
    words = escape(text)
    is_english = words.startswith(START) and words.endswith(END) and words.count(START) == 1
    if is_english:
        words, language = Markup(without_signs(words)), SOURCE  # noqa: S704 - escaped above
    attributes, face = (_beside(language), Markup(";") + _face(language)) if language else (Markup(""), Markup(""))
    return Markup('<{tag}{attributes} style="{style}{face}">{words}</{tag}>').format(
        tag=tag, attributes=attributes, style=style, face=face, words=words.replace("\n", Markup("<br>"))
    )


def _button(link: Link, sheet: Sheet) -> Markup:
    words = in_language(sheet.language, "If the button does not work, copy this address into your browser:")
    style = (
        f"display:inline-block;padding:12px 20px;background-color:{sheet.brand};color:{PAPER};border:2px solid {sheet.brand};"
        "border-radius:6px;font-weight:700;text-decoration:none"
    )
    button = Markup('<p style="margin:8px 0 16px"><a href="{}" style="{}">{}</a></p>\n').format(_address(link.url), style, link.text)
    note = _line("p", words, "", f"margin:0;font-size:16px;color:{QUIET};background-color:{PAPER}")
    address = Markup(
        '\n<p dir="ltr" style="margin:0 0 20px;font-size:16px;color:{};background-color:{};text-align:{};word-break:break-all;{}">{}</p>'
    )
    return button + note + address.format(QUIET, PAPER, sheet.side, _face(SOURCE), link.url)


def _list(items: Sequence[Item], sheet: Sheet) -> Markup:
    side = sheet.side
    drawn = Markup("\n").join(_item(item, sheet) for item in items)
    return Markup('<ul style="margin:0 0 16px;padding-{}:24px">\n{}\n</ul>').format(side, drawn)


def _item(item: Item, sheet: Sheet) -> Markup:
    words = escape(item.text)
    if item.url:
        style = f"color:{sheet.brand};background-color:{PAPER};text-decoration:underline"
        words = Markup('<a href="{}" style="{}">{}</a>').format(_address(item.url), style, words)
    lines = Markup("").join(Markup("<br>") + escape(line) for line in item.lines)
    if item.language:
        words = Markup('<span{} style="{}">{}</span>').format(_beside(item.language), _face(item.language), words)
    return Markup('<li style="margin:0 0 8px">{}{}</li>').format(words, lines)


def _face(code: str) -> Markup:
    """Fonts and the height of lines for a language: an address looks odd in the digits of Nastaliq."""
    return Markup("font-family:{};line-height:{}").format(_FONTS.get(code, _LATIN), _LINES.get(code, "1.5"))


def _address(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError("a link in a letter begins with https:// or http://")
    return url


def _lang(code: str) -> Markup:
    return Markup('lang="{}" dir="{}"').format(code, direction(code))


def _beside(code: str) -> Markup:
    return Markup(" ") + _lang(code)
