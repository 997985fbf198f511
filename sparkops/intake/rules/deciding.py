"""What a wish changes, given what is known. One decision serves the preview and the run."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sparkops.crypto import masked
from sparkops.intake.rules.reading import Remark, Wish, WishedFee


@dataclass(frozen=True, slots=True)
class CreatorFacts:
    """A creator by the current handle; a former handle leads to the same facts."""

    handle: str
    email: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """A code that was handed in. `row` is 0 when it was there before this import."""

    item_id: str = ""
    handle: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """A fee that is booked. `row` is 0 when it was there before this import."""

    handle: str
    item_id: str
    kind: str
    amount: Decimal
    currency: str
    starts_on: date
    ends_on: date
    row: int = 0


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A product: own keys of it and of its shop."""

    pk: int
    shop_id: int


@dataclass(slots=True)
class Known:
    """What is there, by the names a sheet uses. Deciding adds what the rows before made.

    `creators` by handle, `posts` by item id (the value is the creator's handle, "" when unknown),
    `codes` by code, `products` by product id and by title in lower case (None: several).
    """

    creators: dict[str, CreatorFacts] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    codes: dict[str, CodeFacts] = field(default_factory=dict)
    fees: list[FeeFacts] = field(default_factory=list)
    products: dict[str, ProductFacts | None] = field(default_factory=dict)


class NewCreator(NamedTuple):
    handle: str


class FillCreator(NamedTuple):
    """New values of the creator's fields."""

    handle: str
    email: str | None
    notes: str | None


class NewPost(NamedTuple):
    item_id: str
    handle: str


class NamePost(NamedTuple):
    """A known post without a creator gets one."""

    item_id: str
    handle: str


class HandIn(NamedTuple):
    code: str
    item_id: str
    handle: str
    stated_ends_at: datetime | None


class BookFee(NamedTuple):
    handle: str
    item_id: str
    fee: WishedFee
    product: ProductFacts | None


KNOWN_ALREADY = "Everything in it is known already."
NOTHING_NEW = "Nothing new could be taken from it."

Step = NewCreator | FillCreator | NewPost | NamePost | HandIn | BookFee


@dataclass(frozen=True, slots=True)
class Decision:
    """What a row does. `result` is an `ImportRow.Result`; `reason` one sentence for the reader.

    `handle`, `items` and `codes` are what the row is about, changed or not.
    """

    result: str
    reason: str
    steps: tuple[Step, ...] = ()
    remarks: tuple[Remark, ...] = ()
    handle: str = ""
    items: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def decide(wish: Wish, known: Known, *, row: int, replaces: bool = False) -> Decision:
    """The decision on one row, and `known` as it is after it.

    `replaces` lets the sheet's e-mail and notes win over known ones.
    """
    if wish.is_empty and not wish.remarks:
        return Decision(
            "skipped", "The mapped columns are empty here. The other cells are kept with the row."
        )
    if not wish.names_something:
        return _refused(wish)
    return _Decider(wish, known, row, replaces).decision()


def repeated(wish: Wish, first: int) -> Decision:
    """The decision on a row that asks for exactly what row `first` asks for."""
    return Decision("skipped", f"It repeats row {first}.", remarks=wish.remarks)


def _refused(wish: Wish) -> Decision:
    problems = [one.sentence for one in wish.remarks if not one.info]
    reason = problems[0] if problems else "There is no creator, post or Spark code in this row."
    return Decision("refused", reason, remarks=wish.remarks)


class _Decider:
    def __init__(self, wish: Wish, known: Known, row: int, replaces: bool) -> None:
        self.wish, self.known, self.row, self.replaces = wish, known, row, replaces
        self.steps: list[Step] = []
        self.done: list[str] = []
        self.found: list[str] = []
        self.remarks = list(wish.remarks)

    def decision(self) -> Decision:
        handle = self._handle()
        if handle:
            handle = self._creator(handle)
        for link in self.wish.posts:
            self._post(link.item_id, handle or self._creator(link.handle))
        for code, item_id in zip(self.wish.codes, self._items_of_codes(), strict=True):
            self._code(code, item_id, handle or self.known.posts.get(item_id, ""))
        if self.wish.fee:
            self._fee(self.wish.fee, handle)
        if self.wish.stated_ends_at and not self.wish.codes:
            self._note("end_without_code", "The end date is kept; no code here it belongs to.")
        return self._decision(handle)

    def _decision(self, handle: str) -> Decision:
        creates = any(not isinstance(step, FillCreator | NamePost) for step in self.steps)
        result = "created" if creates else "updated" if self.steps else "unchanged"
        problems = [one.sentence for one in self.remarks if not one.info]
        if not self.steps and problems and not self.found:
            result = "refused"
        nothing_new = NOTHING_NEW if problems else KNOWN_ALREADY
        reason = _sentence(self.done) or (problems[0] if result == "refused" else nothing_new)
        return Decision(
            result,
            reason,
            tuple(self.steps),
            tuple(self.remarks),
            handle,
            tuple(link.item_id for link in self.wish.posts),
            self.wish.codes,
        )

    def _problem(self, code: str, sentence: str, column: int | None = None) -> None:
        self.remarks.append(Remark(code, sentence, column))

    def _note(self, code: str, sentence: str) -> None:
        self.remarks.append(Remark(code, sentence, info=True))

    def _handle(self) -> str:
        """The row's creator: its handle, else the one of its only post."""
        if self.wish.handle or len(self.wish.posts) != 1:
            return self.wish.handle
        [link] = self.wish.posts
        return self.known.posts.get(link.item_id, "") or link.handle

    def _creator(self, handle: str) -> str:
        """The creator's current handle, after making or filling it."""
        if not handle:
            return ""
        facts = self.known.creators.get(handle)
        if facts is None:
            facts = self.known.creators[handle] = CreatorFacts(handle)
            self.steps.append(NewCreator(handle))
            self.done.append(f"new creator @{handle}")
        else:
            self.found.append(handle)
        if handle in (self.wish.handle, self._handle()):
            self._fill(facts)
        return facts.handle

    def _fill(self, facts: CreatorFacts) -> None:
        email = self._new_email(facts)
        notes = self._new_notes(facts)
        if email is None and notes is None:
            return
        self.steps.append(FillCreator(facts.handle, email, notes))
        words = [word for word, new in (("e-mail", email), ("notes", notes)) if new is not None]
        self.done.append(f"{' and '.join(words)} of @{facts.handle}")
        filled = replace(
            facts,
            email=facts.email if email is None else email,
            notes=facts.notes if notes is None else notes,
        )
        for name, one in self.known.creators.items():
            if one.handle == facts.handle:
                self.known.creators[name] = filled

    def _new_email(self, facts: CreatorFacts) -> str | None:
        wanted = self.wish.email
        if not wanted or wanted.lower() == facts.email.lower():
            return None
        if facts.email and not self.replaces:
            self._problem(
                "email_differs",
                f"@{facts.handle} has another e-mail address, which is kept. To use the sheet's, "
                "choose “replace” when you check the columns.",
            )
            return None
        return wanted

    def _new_notes(self, facts: CreatorFacts) -> str | None:
        wanted = self.wish.notes
        if not wanted or wanted == facts.notes:
            return None
        if self.replaces or not facts.notes:
            return wanted
        if wanted in facts.notes:
            return None
        return f"{facts.notes}\n{wanted}"

    def _post(self, item_id: str, handle: str) -> None:
        owner = self.known.posts.get(item_id)
        if owner is None:
            self.known.posts[item_id] = handle
            self.steps.append(NewPost(item_id, handle))
            self.done.append(f"new post {short_id(item_id)}")
            return
        self.found.append(item_id)
        if not owner and handle:
            self.known.posts[item_id] = handle
            self.steps.append(NamePost(item_id, handle))
            self.done.append(f"post {short_id(item_id)} is by @{handle}")
        elif owner and handle and owner != handle:
            self._problem(
                "post_of_another",
                f"Post {short_id(item_id)} belongs to @{owner}, not @{handle}. That was kept: "
                "check the handle or the link.",
            )

    def _items_of_codes(self) -> tuple[str, ...]:
        """The post of each code: the only one, or one each; "" when the row does not tell."""
        posts, codes = self.wish.posts, self.wish.codes
        if len(posts) == 1:
            return (posts[0].item_id,) * len(codes)
        if len(posts) == len(codes):
            return tuple(link.item_id for link in posts)
        if posts and codes:
            self._problem(
                "codes_and_posts",
                f"{len(posts)} posts and {len(codes)} codes stand here, so TikTok has to say which "
                "code belongs to which post.",
            )
        return ("",) * len(codes)

    def _code(self, code: str, item_id: str, handle: str) -> None:
        owner = self.known.posts.get(item_id, "") or handle
        facts = self.known.codes.get(code)
        if facts is None:
            self.known.codes[code] = CodeFacts(item_id, owner, self.row)
            self.steps.append(HandIn(code, item_id, owner, self.wish.stated_ends_at))
            self.done.append(f"code {masked(code)} handed in")
            return
        place = f"in row {facts.row}" if facts.row else "before"
        other_post = bool(item_id and facts.item_id and item_id != facts.item_id)
        other_creator = bool(owner and facts.handle and owner != facts.handle)
        if other_post or other_creator:
            whose = f"post {short_id(facts.item_id)}" if other_post else f"@{facts.handle}"
            self._problem(
                "code_of_another",
                f"Code {masked(code)} was handed in for {whose} {place}. A code belongs to one "
                "post: check which row is right.",
            )
            return
        self.found.append(code)
        self._note("code_known", f"Code {masked(code)} was handed in {place}.")

    def _fee(self, fee: WishedFee, handle: str) -> None:
        items = self.wish.posts
        item_id = items[0].item_id if len(items) == 1 else ""
        payee = handle or self.known.posts.get(item_id, "")
        if not payee:
            self._problem(
                "fee_without_creator",
                "The fee is kept but not booked: the row names no creator who gets it.",
            )
            return
        earlier = self._same_fee(fee, payee, item_id)
        if earlier is not None:
            self._known_fee(earlier)
            return
        self.known.fees.append(
            FeeFacts(
                payee,
                item_id,
                fee.kind,
                fee.amount,
                fee.currency,
                fee.starts_on,
                fee.ends_on,
                self.row,
            )
        )
        self.steps.append(BookFee(payee, item_id, fee, self._product()))
        self.done.append(f"fee {fee.amount:,.2f} {fee.currency}")

    def _known_fee(self, earlier: FeeFacts) -> None:
        if earlier.row:
            self._problem(
                "fee_twice",
                f"The same fee of @{earlier.handle} stands in row {earlier.row} and is booked "
                "once. If it was paid twice, give each its own start date.",
            )
            return
        self.found.append("fee")
        self._note("fee_known", "The same fee was booked before.")

    def _same_fee(self, fee: WishedFee, handle: str, item_id: str) -> FeeFacts | None:
        """A fee that this one would repeat; a fee without a date of its own fits any date."""
        for one in self.known.fees:
            same = (one.handle, one.item_id, one.kind, one.currency, one.amount) == (
                handle,
                item_id,
                fee.kind,
                fee.currency,
                fee.amount,
            )
            if same and (not fee.dated or one.starts_on == fee.starts_on):
                return one
        return None

    def _product(self) -> ProductFacts | None:
        name = self.wish.product
        if not name:
            return None
        found = self.known.products.get(name.casefold())
        if found is None:
            several = name.casefold() in self.known.products
            self._note(
                "product_unclear" if several else "product_unknown",
                f"“{name[:60]}” {'fits several products' if several else 'is no known product'}, "
                "so the fee is booked without one.",
            )
        return found


def short_id(item_id: str) -> str:
    """A post id as lists show it."""
    return f"…{item_id[-4:]}"


def _sentence(parts: list[str]) -> str:
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""
