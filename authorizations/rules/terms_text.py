"""The words of usage terms: what a client asks, as clauses in every language of the catalogue.

A version keeps its clauses as they were worded when it was published, with the parties and the
days left open. Filled in, they are what a creator reads, signs and what is hashed (AR3).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from authorizations.rules.wording import LANGUAGES, Sentences, sentences

Clauses = list[list[str]]


@dataclass(frozen=True, slots=True)
class Deal:
    """What one version asks. Amounts are in `currency`; lengths in whole days."""

    covers_all_posts: bool
    edits: bool
    days: int
    channels: tuple[str, ...]
    regions: str
    spend_cap: Decimal | None
    hold_days: int
    renewal_days: int
    fee: Decimal | None
    pay_when: str
    pay_days: int
    currency: str
    disclosure: bool


@dataclass(frozen=True, slots=True)
class Window:
    """Days of use, all inclusive, in the client's zone; the post stays up until `hold_until`."""

    starts_on: date
    ends_on: date
    hold_until: date


@dataclass(frozen=True, slots=True)
class Parties:
    """Who agrees about what. `post` is the address on TikTok."""

    client: str
    handle: str
    post: str


@dataclass(frozen=True, slots=True)
class TermsText:
    """Terms as a person reads them: `clauses` are pairs of head and text."""

    language: str
    title: str
    between: str
    clauses: tuple[tuple[str, str], ...]

    @property
    def plain(self) -> str:
        """Every character of it, in order: what is stored with an acceptance."""
        parts = [f"{number}. {head}\n{text}" for number, (head, text) in enumerate(self.clauses, 1)]
        return "\n\n".join([self.title, self.between, *parts])

    @property
    def digest(self) -> str:
        """SHA-256 of `plain` in UTF-8, in hex."""
        return hashlib.sha256(self.plain.encode()).hexdigest()


def window_from(deal: Deal, first: date) -> Window:
    """The days of use that begin on `first`."""
    ends_on = first + timedelta(days=deal.days - 1)
    return Window(first, ends_on, ends_on + timedelta(days=deal.hold_days))


def worded(deal: Deal) -> dict[str, Clauses]:
    """The clauses of a deal by language. What is open stands as `{post}`, `{ends_on}` and so on."""
    return {language: _clauses(deal, sentences(language)) for language in LANGUAGES}


def written(
    wording: Mapping[str, Sequence[Sequence[str]]],
    free_text: str,
    *,
    language: str,
    parties: Parties,
    window: Window,
) -> TermsText:
    """The text for one creator and one post. A language that the version lacks becomes English.

    `free_text` is the client's own and stands as it is.
    """
    spoken = language if language in wording else "en"
    words = sentences(spoken)
    values = {
        "client": parties.client,
        "handle": parties.handle,
        "post": parties.post,
        "starts_on": words.day(window.starts_on),
        "ends_on": words.day(window.ends_on),
        "hold_until": words.day(window.hold_until),
    }
    clauses = [(head, body.format(**values)) for head, body in wording[spoken]]
    if free_text.strip():
        clauses.append((words["terms_more_head"], free_text.strip()))
    between = words.say("terms_between", client=parties.client, handle=parties.handle)
    return TermsText(spoken, words["terms_title"], between, tuple(clauses))


def _clauses(deal: Deal, words: Sentences) -> Clauses:
    scope = words["terms_scope_all" if deal.covers_all_posts else "terms_scope_post"]
    edits = words["terms_edits_yes" if deal.edits else "terms_edits_no"]
    found = [
        ["terms_pay_head", _payment(deal, words)],
        ["terms_scope_head", f"{scope} {edits}"],
        ["terms_window_head", _open(words, "terms_window", days=str(deal.days))],
        ["terms_channels_head", _channels(deal, words)],
        ["terms_cap_head", _cap(deal, words)],
        ["terms_hold_head", words["terms_hold"]],
        ["terms_renewal_head", _renewal(deal, words)],
    ]
    if deal.disclosure:
        found.append(["terms_disclosure_head", words["terms_disclosure"]])
    return [[words[head], body] for head, body in found]


def _payment(deal: Deal, words: Sentences) -> str:
    if deal.fee is None:
        return words["terms_pay_none"]
    amount = money_text(deal.fee, deal.currency)
    return _open(words, f"terms_pay_{deal.pay_when}", amount=amount, days=str(deal.pay_days))


def _channels(deal: Deal, words: Sentences) -> str:
    named = "; ".join(words[f"terms_channel_{one}"] for one in deal.channels)
    text = _open(words, "terms_channels", channels=named)
    if deal.regions:
        text = f"{text} {_open(words, 'terms_regions', regions=deal.regions)}"
    return text


def _cap(deal: Deal, words: Sentences) -> str:
    if deal.spend_cap is None:
        return words["terms_cap_none"]
    return _open(words, "terms_cap", amount=money_text(deal.spend_cap, deal.currency))


def _renewal(deal: Deal, words: Sentences) -> str:
    if not deal.renewal_days:
        return words["terms_renewal_none"]
    return _open(words, "terms_renewal", days=str(deal.renewal_days))


def money_text(amount: Decimal, currency: str) -> str:
    """`1,250.00 USD`: the same in every language, with the currency's code."""
    return f"{amount:,.2f} {currency}"


def _open(words: Sentences, key: str, **known: str) -> str:
    """A sentence with what is known filled in; every other brace stays for `written`."""
    text = words[key]
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value.replace("{", "{{").replace("}", "}}"))
    return text
