"""What one row asks for, read cell by cell. Nothing in a row is required."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from authorizations.rules.codes import CodesRead, find_codes, read_code_cell
from creators.rules.handles import normalised
from creators.rules.post_links import PostLink, ShortLink, find_links, read_link
from sparkops.intake.rules.layout import Layout
from sparkops.intake.rules.masking import without_codes
from sparkops.pasted import trimmed
from sparkops.reasons import Reason
from sparkops.sheets.dates import DateRead, read_date
from sparkops.sheets.headers import Field
from sparkops.sheets.sheet import Cell, Row
from sparkops.sheets.values import CURRENCIES, Amount, currency_named, read_money

SPREAD_KINDS = ("usage_fee", "renewal_fee", "retainer")
"""Fees that count over a span of days; the others count on one day (P22)."""
LAST_SECOND = time(23, 59, 59)
_EMAIL = re.compile(r"[^\s@<>\"(),;:]+@[^\s@<>\"(),;:]+\.[A-Za-z]{2,}")
LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a row that a person should read.

    `column` is where it stands, None for the whole row. A remark that is only `info` needs nobody
    to act; every other one names a value that was not taken or has to be checked.
    """

    code: str
    sentence: str
    column: int | None = None
    info: bool = False


@dataclass(frozen=True, slots=True)
class WishedFee:
    """A payment to the creator. `dated` says that the sheet gave the start."""

    kind: str
    amount: Decimal
    currency: str
    starts_on: date
    ends_on: date
    dated: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What a row asks for; empty values ask for nothing.

    `codes` are in their normal form, `stated_ends_at` is an aware moment: the last second of the
    day in the client's zone when the sheet gave only a day.
    """

    handle: str = ""
    posts: tuple[PostLink, ...] = ()
    codes: tuple[str, ...] = ()
    stated_ends_at: datetime | None = None
    fee: WishedFee | None = None
    product: str = ""
    email: str = ""
    notes: str = ""
    remarks: tuple[Remark, ...] = field(default=(), compare=False)

    @property
    def names_something(self) -> bool:
        """Whether the row names a creator, a post or a code that the rest can belong to."""
        return bool(self.handle or self.posts or self.codes)

    @property
    def is_empty(self) -> bool:
        """Whether the row asks for nothing at all."""
        return self == Wish()


def read_row(row: Row, layout: Layout) -> Wish:
    """The wish of one row. Every value that cannot be taken is among its remarks."""
    return _Reader(row, layout).wish()


class _Reader:
    """Reads the cells of one row and collects what to remark."""

    def __init__(self, row: Row, layout: Layout) -> None:
        self.row, self.layout = row, layout
        self.remarks: list[Remark] = []

    def wish(self) -> Wish:
        posts = self._posts()
        starts, ends = self._date(Field.STARTS), self._date(Field.ENDS)
        return Wish(
            handle=self._handle(),
            posts=posts,
            codes=self._codes(),
            stated_ends_at=self._end_of(ends) if ends else None,
            fee=self._fee(starts, ends),
            product=self._text(Field.PRODUCT),
            email=self._email(),
            notes=without_codes(self._text(Field.NOTES)),
            remarks=tuple(self.remarks),
        )

    def _remark(self, reason: Reason, column: int | None, *, info: bool = False) -> None:
        # A sentence may quote its cell, and a code can stand in any cell.
        sentence = without_codes(reason.sentence)
        self.remarks.append(Remark(reason.code, sentence, column, info))

    def _text(self, name: Field) -> str:
        texts = [self.row.text(at) for at in self.layout.indexes(name)]
        return "\n".join(text for text in texts if text)

    def _handle(self) -> str:
        for at in self.layout.indexes(Field.HANDLE):
            if not self.row.text(at):
                continue
            read = normalised(self.row.text(at))
            if isinstance(read, str):
                return read
            self._remark(read, at)
        return ""

    def _posts(self) -> tuple[PostLink, ...]:
        posts: dict[str, PostLink] = {}
        columns = self.layout.indexes(Field.POST_LINK)
        if self.layout.is_chat:
            columns = self.layout.indexes(Field.CODE)
        for at in columns:
            for link in self._links(self.row.text(at)):
                if isinstance(link, PostLink):
                    posts.setdefault(link.item_id, link)
                elif isinstance(link, ShortLink):
                    self._remark(_unresolved(link), at)
                else:
                    self._remark(link, at)
        return tuple(posts.values())

    def _links(self, text: str) -> list[PostLink | ShortLink | Reason]:
        if not text:
            return []
        if self.layout.is_chat:
            found = [one.link for one in find_links(text)]
            return [link for link in found if not isinstance(link, Reason)]
        read = read_link(text)
        if isinstance(read, Reason) and read.code == "links_many":
            return [one.link for one in find_links(text)]
        return [read]

    def _codes(self) -> tuple[str, ...]:
        codes: dict[str, None] = {}
        for at in self.layout.indexes(Field.CODE):
            if not self.row.text(at):
                continue
            read = self._code_cell(self.row.text(at))
            for found in read.codes:
                codes.setdefault(found.code)
                for change in found.changes:
                    self._remark(Reason("code_repaired", change), at, info=True)
            for rejected in read.rejected:
                self._remark(rejected.reason, at)
        return tuple(codes)

    def _code_cell(self, text: str) -> CodesRead:
        return find_codes(text) if self.layout.is_chat else read_code_cell(text)

    def _date(self, name: Field) -> DateRead | None:
        for at in self.layout.indexes(name):
            read = read_date(self._cell(at), self.layout.orders[at])
            if isinstance(read, Reason):
                self._remark(read, at)
            elif read is not None:
                if read.other:
                    self._remark(_two_ways(self.row.text(at), read), at)
                return read
        return None

    def _cell(self, at: int) -> Cell:
        return self.row.cells[at] if at < len(self.row.cells) else ""

    def _end_of(self, read: DateRead) -> datetime:
        zone = ZoneInfo(self.layout.zone)
        if read.moment is None:
            return datetime.combine(read.value, LAST_SECOND, tzinfo=zone)
        return read.moment if read.moment.tzinfo else read.moment.replace(tzinfo=zone)

    def _fee(self, starts: DateRead | None, ends: DateRead | None) -> WishedFee | None:
        for at in self.layout.indexes(Field.FEE):
            named = self._currency() or self.layout.header_currency(at)
            default = named or self.layout.choices.currency
            read = read_money(self._cell(at), mark=self.layout.mark, currency=default)
            problem = read if isinstance(read, Reason) else _unusable(read)
            if problem is not None:
                self._remark(problem, at)
            elif isinstance(read, Amount):
                if read.note:
                    self._remark(Reason("amount_two_ways", f"{read.note} Check it."), at)
                return self._dated_fee(read, starts, ends)
        return None

    def _dated_fee(
        self, amount: Amount, starts: DateRead | None, ends: DateRead | None
    ) -> WishedFee:
        kind = self.layout.choices.fee_kind
        first = starts.value if starts else self.layout.choices.fee_day
        last = ends.value if ends and kind in SPREAD_KINDS else first
        if last < first:
            self._remark(
                Reason(
                    "fee_span",
                    f"The fee would end on {last}, before it starts on {first}, so it counts on "
                    f"{first} alone.",
                ),
                None,
            )
            last = first
        return WishedFee(kind, amount.value, amount.currency, first, last, starts is not None)

    def _currency(self) -> str:
        for at in self.layout.indexes(Field.CURRENCY):
            text = self.row.text(at)
            named = text.upper() if text.upper() in CURRENCIES else currency_named(text)
            if text and not named:
                self._remark(
                    Reason(
                        "unknown_currency",
                        f"“{text[:40]}” is no currency. Write a code like USD, EUR or GBP.",
                    ),
                    at,
                )
            return named
        return ""

    def _email(self) -> str:
        for at in self.layout.indexes(Field.EMAIL):
            text = trimmed(self.row.text(at)).removeprefix("mailto:")
            if not text:
                continue
            if _EMAIL.fullmatch(text) and len(text) <= LONGEST_EMAIL:
                return text
            shown = text[:40]
            self._remark(
                Reason("not_an_email", f"“{shown}” is not one e-mail address. Correct it."), at
            )
        return ""


def _unresolved(link: ShortLink) -> Reason:
    return Reason(
        "short_link",
        f"{link.url} is a short link, which only TikTok can resolve. Open it, then copy the long "
        "link from the address bar into the sheet.",
    )


def _two_ways(text: str, read: DateRead) -> Reason:
    assert read.other is not None
    return Reason(
        "date_two_ways",
        f"“{text}” was read as {read.value:%B} {read.value.day}, {read.value.year}; it could also "
        f"mean {read.other:%B} {read.other.day}. Check it, or choose the order of the dates.",
    )


def _unusable(amount: Amount | None) -> Reason | None:
    if amount is None or amount.value > 0:
        return None
    if amount.value == 0:
        return Reason("fee_zero", "The fee is 0, so none is booked.")
    return Reason(
        "fee_negative", f"The fee is {amount.value:f}. A fee is paid to the creator: enter it as +."
    )
