"""What is asked of creators and what it may cost at most, in words (U8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from authorizations.models import TermsVersion
from authorizations.rules.expiry import schedule
from authorizations.rules.terms_text import Deal, window_from
from sparkops.web.formats import day, money, plural

NOON = time(12)


@dataclass(frozen=True)
class Line:
    """One line of the summary; `tone` marks what needs a second look."""

    label: str
    text: str
    note: str = ""
    tone: str = ""


def summary(
    deal: Deal, *, reminder_days: Sequence[int], zone: ZoneInfo, posts: int, now: datetime
) -> list[Line]:
    """What a creator who says yes now agrees to. Days are of `zone`, the client's; `posts` is how
    many are asked about, and amounts are in the deal's currency."""
    return [
        Line("Asked for", _scope(deal), _channels(deal)),
        _window(deal, zone, now),
        _fee(deal),
        _spend(deal),
        _reminders(deal, reminder_days, zone, now),
        _at_most(deal, posts),
    ]


def reminder_dates(
    ends_on: date, steps: Sequence[int], *, zone: ZoneInfo, now: datetime
) -> list[date]:
    """The days on which a step falls, of those still ahead, for a permission that ends that day."""
    end = datetime.combine(ends_on, NOON, zone)
    found = schedule("", end, zone=zone, steps=steps)
    return [one.due_at.astimezone(zone).date() for one in found if one.due_at > now]


def most_it_costs(deal: Deal, posts: int) -> Decimal | None:
    """Fees and spend on ads of so many posts, None where the terms set no limit."""
    return None if deal.spend_cap is None else ((deal.fee or 0) + deal.spend_cap) * posts


def _scope(deal: Deal) -> str:
    scope = "All posts with your products" if deal.covers_all_posts else "The post of the link"
    return f"{scope}, {'may be shortened' if deal.edits else 'unchanged'}"


def _channels(deal: Deal) -> str:
    named = "; ".join(TermsVersion.Channel(one).label for one in deal.channels)
    return f"{named}. {deal.regions or 'No country is left out'}."


def _window(deal: Deal, zone: ZoneInfo, now: datetime) -> Line:
    today = now.astimezone(zone).date()
    window = window_from(deal, today)
    first, last, hold = (
        day(one, today=today) for one in (window.starts_on, window.ends_on, window.hold_until)
    )
    note = f"With a yes today: {first} to {last}. The post stays up until {hold}."
    return Line("Window", f"{plural(deal.days, 'day')} from the creator's yes", note)


def _fee(deal: Deal) -> Line:
    if deal.fee is None:
        return Line("Fee", "None: commission is all")
    when = TermsVersion.PayWhen(deal.pay_when).label
    return Line(
        "Fee", f"{money(deal.fee, deal.currency)} a post",
        f"Within {plural(deal.pay_days, 'day')}, {when}.",
    )  # fmt: skip


def _spend(deal: Deal) -> Line:
    if deal.spend_cap is None:
        return Line("Spend on ads", "No limit", "The terms name no most that is spent.", "warn")
    return Line("Spend on ads", f"At most {money(deal.spend_cap, deal.currency)} a post")


def _reminders(deal: Deal, steps: Sequence[int], zone: ZoneInfo, now: datetime) -> Line:
    today = now.astimezone(zone).date()
    ends_on = today + timedelta(days=deal.days - 1)
    dates = reminder_dates(ends_on, steps, zone=zone, now=now)
    before = ", ".join(map(str, steps))
    note = "; ".join(day(one, today=today) for one in dates) or "Each falls before the yes."
    return Line("Reminders", f"{before} days before the end", f"{note} ({zone.key})")


def _at_most(deal: Deal, posts: int) -> Line:
    of = f"for {plural(posts, 'post')}"
    most = most_it_costs(deal, posts)
    if most is not None:
        return Line("May cost at most", f"{money(most, deal.currency)} {of}")
    if deal.fee is None:
        return Line("May cost at most", "Not limited", "Set a most that is spent on ads.", "warn")
    fees = money(deal.fee * posts, deal.currency)
    return Line(
        "May cost at most", "Not limited",
        f"{fees} in fees {of}, and ads without a limit.", "warn",
    )  # fmt: skip
