"""Which areas it covers: the whole borough, localities by tick, the country; what was imported in other words stays."""

from __future__ import annotations

from typing import Final

import msgspec
from wtforms import Form, SelectMultipleField

from portal.directory.record import AreaEntry, ServiceRecord
from portal.editing.writing.page import Offer, Writing
from portal.editing.writing.rows import Posted
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.ui.choices import SelectChoice

ENGLAND: Final = AreaEntry("england", "England")
KINGDOM: Final = AreaEntry("uk", "United Kingdom")


class AreasForm(Form):
    """Areas to tick."""

    areas = SelectMultipleField(
        _("Where do the people live who can use it?"),
        description=_("Tick the whole borough if it does not matter. Tick nothing if people may come from anywhere."),
        validate_choice=False,
    )


class AreasPage(Writing):
    """The areas it covers."""

    def __init__(self, record: ServiceRecord, offer: Offer, posted: Posted | None = None) -> None:
        super().__init__(record, offer, posted)
        borough = AreaEntry(offer.pack.borough_extents[0] if offer.pack.borough_extents else offer.pack.borough, offer.pack.borough)
        localities = [AreaEntry(slug, locality.name) for slug, locality in offer.gazetteer.localities.items()]
        offered = {_key(area): area for area in (borough, *localities, ENGLAND, KINGDOM)}
        self.entries = offered | {_key(area): area for area in record.areas}  # those that are there keep their rows and names
        self.form = AreasForm(posted, data={"areas": [_key(area) for area in record.areas]})
        whole = {_key(borough): gettext("All of %(borough)s", borough=offer.pack.borough)}
        self.form.areas.choices = [SelectChoice(key, whole.get(key) or area.name or area.extent) for key, area in self.entries.items()]

    @property
    def forms(self) -> tuple[Form, ...]:
        """The one form."""
        return (self.form,)

    def result(self) -> ServiceRecord:
        """The record with its areas; in the order in which they were, new ones after."""
        chosen = set(self.form.areas.data or ())
        kept = [area for area in self.record.areas if _key(area) in chosen]
        new = [area for key, area in self.entries.items() if key in chosen and key not in {_key(each) for each in kept}]
        return msgspec.structs.replace(self.record, areas=(*kept, *new))


def _key(area: AreaEntry) -> str:
    return (area.extent or area.name).casefold()
