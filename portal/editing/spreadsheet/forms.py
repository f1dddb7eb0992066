"""The forms of an import: a file; whose column is which. Shapes and messages only."""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, FileField, Form, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import Length

from portal.editing.spreadsheet.columns import COLUMNS, ID, ID_HEADING, VERSION, VERSION_HEADING
from portal.editing.spreadsheet.mapping import LEAVE_OUT, guess, known_for_sure
from portal.editing.spreadsheet.places import PARTS
from portal.editing.spreadsheet.plan import Choices
from portal.editing.spreadsheet.table import Table
from portal.i18n.text import gettext
from portal.i18n.text import lazy_gettext as _
from portal.typed import lines
from portal.ui.choices import SelectChoice

KEEP: Final = "keep"
TAKE: Final = "take"
LONGEST_NOTE: Final = 1_000
SHOWN: Final = 3  # first values of a column
LONGEST_SHOWN: Final = 40


class UploadForm(Form):
    """One file."""

    file = FileField(_("Your file"), description=_("An Excel workbook (XLSX) or a CSV file, up to 5 MB and 2,000 rows."))

    def refuse(self, sentence: Markup) -> None:
        """Say why the file was not taken."""
        self.file.errors = [sentence]


class SendForm(Form):
    """A word for the reviewer."""

    note = TextAreaField(
        _("A note for the reviewer (optional)"),
        filters=[lambda typed: lines(typed or "", 2 * LONGEST_NOTE)],
        validators=[Length(max=LONGEST_NOTE, message=_("Use 1,000 letters or fewer"))],
    )


class ColumnsForm(Form):
    """Whose column is which; made for one table by `columns_form`."""

    table: Table
    empties = RadioField(
        _("What does an empty cell mean?"),
        choices=[
            SelectChoice(KEEP, _("Leave what the listing says")),
            SelectChoice(TAKE, _("Take away what the listing says")),
        ],
        default=KEEP,
    )

    @property
    def columns(self) -> list[Field]:
        """The fields of the columns, in the order of the file."""
        return [self[name_of(index)] for index in range(len(self.table.headings))]

    @property
    def to_look_at(self) -> list[Field]:
        """The columns of which we are not sure, and those with a mistake."""
        sure = dict(zip(self.columns, map(known_for_sure, self.table.headings), strict=True))
        return [field for field in self.columns if field.errors or not field.data or not sure[field]]

    @property
    def keys(self) -> tuple[str, ...]:
        """The key that was chosen for each column."""
        return tuple(str(field.data or LEAVE_OUT) for field in self.columns)

    def choices(self) -> Choices:
        """What was chosen; of a valid form."""
        return Choices(self.keys, self.empties.data == TAKE)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each of our columns once, and one by which a service is known."""
        is_valid = super().validate(extra_validators)
        if not {ID, "name"} & set(self.keys):
            self.columns[0].errors = [gettext("Choose which column holds the name of the service.")]
            return False
        return is_valid


def columns_form(table: Table, chosen: Choices | None, posted: MultiDict[str, str] | None = None) -> ColumnsForm:
    """The form for the columns of a table: as posted, as chosen before, or as guessed."""
    keys = chosen.keys if chosen else guess(table.headings)
    fields = {name_of(index): _field(table, index, key) for index, key in enumerate(keys)}
    made = type("ColumnsFormOfTable", (ColumnsForm,), fields)
    form: ColumnsForm = made(posted) if posted is not None else made(data={"empties": TAKE if chosen and chosen.empties else KEEP})
    form.table = table
    return form


def name_of(index: int) -> str:
    """The name of the field of a column."""
    return f"column_{index}"


def _field(table: Table, index: int, key: str) -> SelectField:
    offered = [(LEAVE_OUT, gettext("Leave this column out")), (ID, ID_HEADING), (VERSION, VERSION_HEADING)]
    offered += [(column.key, column.heading) for column in (*COLUMNS, *PARTS)]
    label = table.headings[index] or gettext("Column %(number)s, without a heading", number=index + 1)
    return SelectField(
        label, description=_first_values(table, index), choices=[SelectChoice(*each) for each in offered], default=key, validators=[_once]
    )


def _first_values(table: Table, index: int) -> str:
    values = dict.fromkeys(" ".join(row.cells[index].split()) for row in table.rows if row.cells[index])
    return " · ".join(f"{value[:LONGEST_SHOWN]}…" if len(value) > LONGEST_SHOWN else value for value in list(values)[:SHOWN])


def _once(form: Form, field: Any) -> None:
    assert isinstance(form, ColumnsForm)  # noqa: S101 - for the type only
    keys = form.keys
    if field.data and keys.index(field.data) != form.columns.index(field):
        raise ValidationError(gettext("Two columns are chosen for this. Leave one of them out."))
