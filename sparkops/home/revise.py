"""Bringing an edited export back (SS2): what differs, shown first, then applied to those rows only.

Rows are found by the id that the export carries. A column that is not in the file, and a row that
is not in it, stay as they are. What was confirmed is signed, so that nothing else can be applied.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.core import signing

from creators.forms import CreatorForm
from creators.models import Creator
from creators.tables import ID_LABEL
from sparkops.audit.record import Actor
from sparkops.clock import shop_zone
from sparkops.errors import Refusal
from sparkops.home.history import KINDS, words
from sparkops.sheets.sheet import Row, Sheet
from sparkops.tenants.models import Client

May = Callable[[str], bool]
KIND = "creator"
MOST = 2_000
"""Cells that one file may change; more are brought in parts."""
MOST_SIGNS = 2_000_000
SALT = "sparkops.home.revise"
LIFE = 60 * 60 * 24
"""Seconds for which a shown difference can be confirmed, and taken back."""


@dataclass(frozen=True)
class Edit:
    """One cell that becomes another. `name` is the object's, as it was when it was shown."""

    pk: int
    name: str
    field: str
    label: str
    before: Any
    after: Any
    kind: str = KIND

    @property
    def was(self) -> str:
        """The value before, as people read it."""
        return words(self.field, self.before)

    @property
    def becomes(self) -> str:
        """The value after, as people read it."""
        return words(self.field, self.after)


@dataclass(frozen=True)
class Problem:
    """A row of the file, or a cell of it, that cannot be taken, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Difference:
    """What a file would change; `rows` is how many rows of it were found."""

    rows: int
    edits: tuple[Edit, ...]
    problems: tuple[Problem, ...]


def difference(sheet: Sheet, *, may: May) -> Difference:
    """What an edited export of creators would change, in two queries for any number of rows.

    `may` is `gate.may_of`. Raises Refusal for a file that is no export, or changes too much.
    """
    columns = _columns(sheet, may)
    ids = [_whole(row.text(columns[""])) for row in sheet.rows]
    found = Creator.objects.in_bulk({one for one in ids if one is not None})
    edits: list[Edit] = []
    problems: list[Problem] = []
    for pk, row in zip(ids, sheet.rows, strict=True):
        creator = found.pop(pk, None) if pk is not None else None
        if creator is None:
            why = "It names no creator of this client, or one that a row before it named."
            problems.append(Problem(f"Row {row.number}", why))
            continue
        _compare(creator, row, columns, edits, problems)
    if len(edits) > MOST:
        raise Refusal(
            "too_many",
            f"It would change more than {MOST:,} cells. Bring it in parts.",
            field="file",
        )
    return Difference(len(ids), tuple(edits), tuple(problems))


def _columns(sheet: Sheet, may: May) -> dict[str, int]:
    """Where each field stands; "" is the id. Fields that the person may not see are left out."""
    places = {header.strip().lower(): place for place, header in enumerate(sheet.headers)}
    if ID_LABEL.lower() not in places:
        raise Refusal(
            "no_ids",
            f"It has no column “{ID_LABEL}”. Export the list of creators, edit that file and bring"
            " it back; other sheets go through Import.",
            field="file",
        )
    found = {"": places[ID_LABEL.lower()]}
    for name, about in KINDS[KIND].fields.items():
        if about.label.lower() in places and may(about.view.value):
            found[name] = places[about.label.lower()]
    if len(found) == 1:
        labels = ", ".join(f"“{about.label}”" for about in KINDS[KIND].fields.values())
        raise Refusal("no_fields", f"It has none of the columns {labels}.", field="file")
    return found


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _compare(
    creator: Creator,
    row: Row,
    columns: Mapping[str, int],
    edits: list[Edit],
    problems: list[Problem],
) -> None:
    now = KINDS[KIND].values(creator)
    for name, place in columns.items():
        wanted = _lines(row.text(place))
        if not name or wanted == _lines(now[name]):
            continue
        label = KINDS[KIND].fields[name].label
        if why := _wrong(now, name, wanted):
            problems.append(Problem(f"Row {row.number}, {label}", why))
        else:
            edits.append(Edit(creator.pk, str(creator), name, label, now[name], wanted))


def _lines(text: str) -> str:
    """Text without what a spreadsheet changes by itself: blanks around it, and line ends."""
    return "\n".join(text.strip().splitlines())


def _wrong(now: Mapping[str, str], name: str, wanted: str) -> str:
    """Why a value cannot be taken, by the form that people edit it with; "" when it can."""
    form = CreatorForm({**now, name: wanted}, people=())
    form.is_valid()
    if errors := form.errors.get(name):
        return " ".join(str(error) for error in errors)
    if name == "timezone" and wanted:
        try:
            shop_zone(wanted)
        except ValueError as error:
            return str(error)
    return ""


def sealed(edits: Sequence[Edit], client: Client, user_id: int) -> str:
    """What was shown, for the form that confirms it: only this person, for this client.

    Raises Refusal when it is more than a form may carry.
    """
    content = [client.pk, user_id, [asdict(edit) for edit in edits]]
    seal = signing.dumps(content, salt=SALT, compress=True)
    if len(seal) > MOST_SIGNS:
        raise Refusal("too_many", "It changes too much text at once. Bring it in parts.")
    return seal


def opened(seal: str, client: Client, user_id: int) -> list[Edit]:
    """What `sealed` made. Raises Refusal for anything else, and when it is a day old."""
    try:
        of_client, of_user, edits = signing.loads(seal, salt=SALT, max_age=LIFE)
    except signing.BadSignature as error:
        raise Refusal("stale", "This was shown too long ago. Bring the file again.") from error
    if (of_client, of_user) != (client.pk, user_id):
        raise Refusal("stale", "This was shown to somebody else. Bring the file again.")
    return [Edit(**edit) for edit in edits]


def turned(edits: Iterable[Edit]) -> list[Edit]:
    """What takes edits back."""
    return [replace(one, before=one.after, after=one.before) for one in edits]


@dataclass(frozen=True)
class Result:
    """What became of confirmed edits."""

    done: tuple[Edit, ...]
    left: tuple[Problem, ...]


def apply(edits: Sequence[Edit], client: Client, *, by: Actor, now: datetime) -> Result:
    """Make every edit whose cell still holds what was shown; the rest is left and named.

    Repeating it changes nothing: the cells no longer hold what was shown.
    """
    kind = KINDS[edits[0].kind if edits else KIND]
    wanted: dict[int, list[Edit]] = {}
    for edit in edits:
        wanted.setdefault(edit.pk, []).append(edit)
    rows = kind.model._default_manager.select_for_update().order_by("pk").in_bulk(wanted)
    done: list[Edit] = []
    left: list[Problem] = []
    for pk, some in wanted.items():
        row = rows.get(pk)
        values = kind.values(row) if row is not None else {}
        fit = [one for one in some if values.get(one.field) == one.before]
        left += [
            Problem(f"{one.name}, {one.label}", _meanwhile(values, one.field))
            for one in some
            if one not in fit
        ]
        if row is not None and fit:
            new = {**values, **{one.field: one.after for one in fit}}
            kind.write(row, client, new, by, now)
            done += fit
    return Result(tuple(done), tuple(left))


def _meanwhile(values: Mapping[str, Any], field: str) -> str:
    if field not in values:
        return "It is no longer there."
    return f"Somebody changed it meanwhile: it is “{words(field, values[field])}” now."
