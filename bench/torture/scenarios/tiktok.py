"""TikTok misbehaves while the product reads, redeems and launches: every switch, alone and mixed.

Every run of a world goes through the same steps of its people. In one run TikTok answers well; in
each other one it does what the round's switches say and then is well again. In the end every run
must know the same facts and have the same ledger, and TikTok's log must show nothing twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import authorizations.tasks
import campaigns.tasks
import profit.tasks
from authorizations.actions.hand_in import hand_in_codes
from bench.torture import brand
from bench.torture.ground import Ground, Scenario
from bench.torture.state import Rows, differences, state_of, unfinished
from bench.torture.tiktok import TikTok, start_tiktok
from sparkops import clock
from sparkops.catalog.models import AdAccount
from sparkops.connections.actions import connect_ads, connect_shop
from sparkops.connections.models import Connection
from sparkops.demo.seed import READ
from sparkops.isolation.scope import client_scope
from sparkops.landing.models import Cursor
from sparkops.landing.streams import pull_due
from sparkops.tenants.models import Client

START = datetime(2026, 11, 18, 14, tzinfo=UTC)
FLIGHTS = START + timedelta(hours=12)
"""Later than all that is waited for before it."""
END = START + timedelta(hours=27)
RETRIES_ARE_DUE = timedelta(minutes=31)
TRIES = 8
LAUNCHES = 2
TOKENS = ("expired_token", "revoked_token")
PASSING = (
    "throttle", "throttle_advertiser", "server_error", "delay", "drop", "drop_after",
    "http_status", "broken_json", "slow_body",
)  # fmt: skip
"""What hits writes as well. The others are answers to reads, or refusals that end a command."""
ANSWERS = (
    "numeric_ids", "unknown_words", "iso_times", "unknown_fields", "dash_metrics",
    "missing_page_info", "missing_keys", "missing_data", "cut_page", "empty_page",
    "duplicate_rows", "reorder", "repeat_page", "missing_scope", "code",
)  # fmt: skip
OPTIONS: dict[str, dict[str, Any]] = {
    "delay": {"seconds": 0.02},
    "slow_body": {"seconds": 0.02},
    "http_status": {"status": 503, "retry_after": 0},
    "code": {"code": 59_999, "message": "Something that no document names."},
}
MIXED = 4
"""Switches of a mixed round."""
HITS = 3
"""How often each switch begins to strike in one phase."""


@dataclass(frozen=True)
class Mischief:
    """The switches of a round, and the dice that say when they strike."""

    kinds: tuple[str, ...]
    chance: Random

    @property
    def name(self) -> str:
        return " + ".join(self.kinds)

    def reading(self) -> list[dict[str, Any]]:
        """Switches for a phase in which the product reads."""
        return self._faults(self.kinds, furthest=40)

    def writing(self) -> list[dict[str, Any]]:
        """Switches for a phase in which it redeems or launches."""
        return self._faults([kind for kind in self.kinds if kind in PASSING], furthest=6)

    def _faults(self, kinds: Any, *, furthest: int) -> list[dict[str, Any]]:
        return [
            {
                "kind": kind,
                "after": self.chance.randrange(furthest),
                "count": self.chance.choice((1, 1, 2, 4)),
                **OPTIONS.get(kind, {}),
            }
            for kind in kinds
            for _ in range(HITS)
        ]


def mischiefs(chance: Random, rounds: int) -> Iterator[Mischief]:
    """A mix first, then every switch alone, in the seed's order; after those mixes again."""
    every = [*PASSING, *ANSWERS, *TOKENS]
    alone = chance.sample(every, len(every))
    for number in range(rounds):
        mixed = number == 0 or number > len(alone)
        kinds = chance.sample(every, MIXED) if mixed else [alone[number - 1]]
        yield Mischief(tuple(kinds), Random(f"{chance.random()}"))


class Life:
    """One run of a world, in this process; `mischief` None is the run in which TikTok is well."""

    def __init__(self, ground: Ground, tiktok: TikTok, mischief: Mischief | None) -> None:
        self.ground, self.tiktok, self.mischief = ground, tiktok, mischief
        self.client: Client

    def live(self) -> dict[str, Rows]:
        """From an empty database to a booked ledger. Raises AssertionError when it gets stuck."""
        self.client = brand.make_client(self.tiktok)
        self._under(self._read, "reading")
        brand.enter_costs(self.client)
        brand.enter_terms(self.client)
        self._hand_in()
        self._under(self._send, "writing")
        brand.enter_terms(self.client)
        for number in range(1, LAUNCHES + 1):
            # One after the other: TikTok's ids, and with them what an ad spends, go by the order.
            brand.launch_some(self.client, number, starts=FLIGHTS)
            self._under(self._send, "writing")
        self._set(END)
        self._under(self._read, "reading")
        return state_of(self.client.pk)

    def _under(self, act: Callable[[], None], phase: str) -> None:
        """Do it while TikTok misbehaves, then until nothing is left to do once it is well."""
        if self.mischief is not None:
            self.tiktok.break_with(getattr(self.mischief, phase)())
        act()
        self.tiktok.mend()
        left: list[str] = []
        for _ in range(TRIES):
            self._connect_again()
            self._read()
            self._send()
            profit.tasks.book(client_id=self.client.pk)
            left = unfinished(self.client.pk)
            if not left:
                return
            self.ground.rig.clock.advance(RETRIES_ARE_DUE)
        raise AssertionError(f"{phase} did not come to an end: {'; '.join(left[:6])}")

    def _read(self) -> None:
        with client_scope(self.client.pk):
            Cursor.objects.update(due_at=clock.now() - timedelta(seconds=1))
        for streams in READ:
            pull_due(self.client.pk, streams, now=clock.now)

    def _send(self) -> None:
        authorizations.tasks.send_commands(client_id=self.client.pk)
        campaigns.tasks.send_commands(client_id=self.client.pk)

    def _hand_in(self) -> None:
        with client_scope(self.client.pk):
            account = AdAccount.objects.order_by("advertiser_id")[0]
            text = brand.codes_of(self.tiktok)
            hand_in_codes(text, ad_accounts=[account], by=brand.THEO, now=clock.now())

    def _connect_again(self) -> None:
        """What a person does when a page says that a connection is lost."""
        with client_scope(self.client.pk):
            lost = set(
                Connection.objects.exclude(state=Connection.State.ACTIVE).values_list(
                    "kind", flat=True
                )
            )
        fresh = self.tiktok.brand() if lost else {}
        if Connection.Kind.SHOP in lost:
            connect_shop(self.client.pk, fresh["shop_auth_code"], by=brand.THEO, now=clock.now())
        if Connection.Kind.ADS in lost:
            connect_ads(self.client.pk, fresh["oauth_code"], by=brand.THEO, now=clock.now())

    def _set(self, moment: datetime) -> None:
        self.tiktok.do("clock", set=moment.isoformat(), frozen=True)
        self.ground.rig.clock.set(moment)


def run(ground: Ground) -> Iterator[str]:
    """Each round is a set of switches; yields what differs from the run in which TikTok is well."""
    wanted, told = _lived(ground, None)
    yield from told
    if not any(row[-1] == "live" for row in wanted["launches"]):
        yield f"The run without faults launched nothing: {dict(wanted['launches'])}"
    if not wanted["ledger"]:
        yield "The run without faults booked nothing."
    for mischief in mischiefs(ground.chance("tiktok"), ground.rounds):
        try:
            found, told = _lived(ground, mischief)
        except AssertionError as fault:
            yield f"{mischief.name}: {fault}"
            continue
        yield from (f"{mischief.name}: {one}" for one in (*told, *differences(wanted, found)))


def _lived(ground: Ground, mischief: Mischief | None) -> tuple[dict[str, Rows], list[str]]:
    ground.fresh("tiktok")
    ground.rig.clock.set(START)
    tiktok = start_tiktok(ground.rig, seed=ground.seed, start=START)
    found = Life(ground, tiktok, mischief).live()
    return found, tiktok.sent_twice()


SCENARIO = Scenario("tiktok", run, rounds=6, full=40)
