"""A letter: words and a few kinds of blocks in, a `Message` with plain text and HTML that say the same out.

How a room writes one, anywhere: in a view, in the thread that tends, in a command.

    with speaking(person.language) as locale:                              # portal.i18n.text: the reader's language, not the page's
        letter = Letter(
            subject=gettext("Is this still right?"),
            greeting=gettext("Hello"),
            blocks=(
                Paragraph(gettext("Please look at your listing by %(day)s.", day=long_date(locale, day))),
                Link(gettext("Look at it"), f"{base_url}/{person.language}/still-right/{token}"),
                Small(gettext("Questions? Ring %(number)s.", number=apart(pack.front_door.number))),
            ),
            language=person.language,
            site=pack.site,
        )
    post(session, secret, letter.message(person.email))

What `gettext` gives is taken as it is; plain strings too, which hold no markup and are escaped. A sentence that is not translated
yet is marked as English. Text that is not in the letter's language (a listing's name) says so in `language`.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.i18n.languages import LANGUAGES, SOURCE
from portal.mail.blocks import Block, Code, Heading, Item, Items, Link, Paragraph, Small
from portal.mail.drawing import BRAND, Sheet, to_html
from portal.mail.message import Message
from portal.mail.plain import plain, to_text

__all__ = ["BRAND", "Block", "Code", "Heading", "Item", "Items", "Letter", "Link", "Paragraph", "Small", "apart"]


@dataclass(frozen=True)
class Letter:
    """A letter in `language`. `site` is what the site calls itself; `brand` its colour, dark enough for white letters."""

    subject: str
    greeting: str
    blocks: tuple[Block, ...]
    language: str = SOURCE
    site: str = ""
    brand: str = BRAND

    def message(self, to: str) -> Message:
        """The e-mail to one address. Raises `ValueError` for a link that is neither http nor https."""
        language = self.language if self.language in LANGUAGES else SOURCE
        subject = plain(self.subject)
        blocks = (Paragraph(self.greeting), *self.blocks) if self.greeting else self.blocks
        sheet = Sheet(subject, language, self.site, self.brand)
        return Message("email", to, subject, to_text(blocks, self.site), to_html(blocks, sheet), language)


def apart(words: str) -> str:
    """A telephone number, a name or an address, kept in its own order within a sentence from right to left."""
    return f"\u2068{words}\u2069"
