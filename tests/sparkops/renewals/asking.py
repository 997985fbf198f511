"""Permissions of many creators, and a run over them, inside an open client scope."""

from datetime import datetime, timedelta

from authorizations.models import Authorization
from creators.models import Creator
from sparkops.audit.record import Actor
from sparkops.catalog.models import AdAccount
from sparkops.renewals.actions.runs import run_batch, start_run
from sparkops.renewals.models import Ask, Run
from sparkops.renewals.queries.asks import chosen, counts_of
from sparkops.renewals.queries.messages import Offer
from tests.factories import rights

MINA = Actor("Mina", 7)
OFFER = Offer(30)


def permissions(
    count: int,
    *,
    now: datetime,
    days: int = 10,
    first: int = 0,
    account: AdAccount | None = None,
) -> list[Authorization]:
    """Usable Spark codes of as many creators, `maker0` (or `first`) and so on, without address."""
    found = []
    for number in range(first, first + count):
        post = rights.post(f"76{number:017}", f"maker{number}")
        code = f"#{number:04}{rights.CODE[5:]}"
        listed = rights.listed(post, code=code, ends_at=now + timedelta(days=days))
        rights.read(listed, account=account, now=now)
        found.append(Authorization.objects.get(post=post))
    return found


def address(number: int, **fields: str) -> None:
    """Give a creator of `permissions` an e-mail address, a TikTok id, a region or a zone."""
    Creator.objects.filter(handle=f"maker{number}").update(**fields)


def start(rows: list[Authorization], *, now: datetime, language: str = "") -> Run:
    """A run over some permissions, as a person starts it."""
    listed = chosen([row.pk for row in rows], {}, now)
    return start_run(listed, OFFER, language, by=MINA, now=now)


def write_all(run: Run, *, now: datetime) -> None:
    """What the worker does before anything is sent."""
    while run_batch(run.pk, now=now):
        pass
    run.refresh_from_db()


def asks(run: Run) -> dict[str, Ask]:
    """The messages of a run by the creator's handle."""
    rows = Ask.objects.filter(run=run).select_related("creator")
    return {row.creator.handle: row for row in rows if row.creator}


def tally(run: Run) -> dict[str, int]:
    """The counts of a run without those that are zero."""
    return {name: count for name, count in counts_of(run).items() if count}
