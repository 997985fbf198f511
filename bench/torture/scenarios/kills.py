"""Random kills while the product reads, redeems, writes to creators, launches and books.

Every run of a world goes through the same steps of its people. One run is left in peace; in the
others processes die at moments that the seed chooses. In the end every run must know the same
facts and have the same ledger, and TikTok's own log must show nothing twice.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

import httpx
from django.db import DatabaseError, connections
from psycopg import OperationalError

from bench.torture import brand
from bench.torture.ground import Ground, Scenario
from bench.torture.rig import Rig
from bench.torture.state import Rows, differences, state_of, unfinished
from bench.torture.tiktok import TikTok, start_tiktok
from sparkops.tenants.models import Client

Found = TypeVar("Found")
START = datetime(2026, 11, 18, 14, tzinfo=UTC)
END = START + timedelta(hours=27)
"""Longer than a day: what has no read time (permissions) is compared with the ledger daily."""
CLAIMS_ARE_OVER = timedelta(minutes=6)
SHORTER_THAN_A_CLAIM = timedelta(seconds=90)
KILLS_OF_A_RUN = 12
LAUNCHES = 3
SWEEPS_TAKE = 8.0
"""Seconds in which every sweep has run: two between them here, and up to three of jitter."""
PATIENCE = 180.0
VICTIMS = {
    "worker": 8,
    "part of worker": 4,
    "beat": 1,
    "web": 2,
    "valkey": 2,
    "postgres": 2,
    "session": 2,
}


class Torment:
    """Kills in one run: how many are left, of whom, and when."""

    def __init__(self, rig: Rig, chance: Random, kills: int) -> None:
        self.rig, self.chance, self.left = rig, chance, kills
        self.done: list[str] = []

    def strike(self, number: int) -> None:
        """Kill `number` times, each after a moment of work."""
        for _ in range(min(number, self.left)):
            time.sleep(self.chance.uniform(0.1, 2.5))
            [victim] = self.chance.choices(list(VICTIMS), weights=list(VICTIMS.values()))
            self._kill(victim)
            self.done.append(victim)
            self.left -= 1
            self.rig.revive()

    def _kill(self, victim: str) -> None:
        rig = self.rig
        if victim == "worker" or (
            victim == "part of worker" and not rig.kill_part("worker", self.chance)
        ):
            rig.kill("worker")
            # Nobody holds a claim any more: it runs out without anybody at work.
            rig.clock.advance(CLAIMS_ARE_OVER)
            rig.start_worker()
        elif victim == "beat":
            rig.kill("beat")
            rig.start_beat()
        elif victim == "web":
            rig.kill("web")
            rig.start_web()
        elif victim == "valkey":
            rig.kill("valkey")
            rig.start_valkey()
        elif victim == "postgres":
            rig.kill("postgres")
            rig.start_postgres()
        elif victim == "session":
            rig.kill_session()


class Life:
    """One run of a world: people act, the product works, something may be killing it."""

    def __init__(self, ground: Ground, tiktok: TikTok, torment: Torment) -> None:
        self.ground, self.tiktok, self.torment = ground, tiktok, torment
        self.rig = ground.rig
        self.client: Client

    def live(self) -> None:
        """From an empty database to a booked ledger. Raises AssertionError when it gets stuck."""
        share = max(self.torment.left // 5, 1)
        self.client = brand.make_client(self.tiktok)
        key = brand.make_key(self.client)
        self.rig.start_web()
        self.rig.start_worker()
        self.rig.start_beat()
        self.torment.strike(share)
        self._settle("reading")
        _insist(lambda: brand.enter_costs(self.client))
        _insist(lambda: brand.enter_terms(self.client))
        self._hand_in(key, share)
        self._settle("redeeming")
        _insist(lambda: brand.write_to_creators(self.client))
        self.torment.strike(share)
        self._settle("writing to creators")
        _insist(lambda: brand.enter_terms(self.client))
        _insist(lambda: brand.launch_some(self.client, LAUNCHES, starts=START))
        self.torment.strike(share)
        self._settle("launching")
        _insist(lambda: brand.enter_costs(self.client, share=Decimal("0.31"), days=10))
        self.torment.strike(self.torment.left)
        self.rig.stop("worker", "beat")
        self.rig.clock.set(END)
        self.rig.start_worker()
        self.rig.start_beat()
        self._settle("the last look", calm=SWEEPS_TAKE)
        self.rig.stop("beat", "worker", "web")

    def _hand_in(self, key: str, kills: int) -> None:
        """A program hands codes in through the API and repeats until it has an answer."""
        account = _insist(lambda: brand.first_account(self.client))
        content = {"text": brand.codes_of(self.tiktok), "advertiser_ids": [account]}
        slug, web = self.client.slug, self.rig.web
        told: list[int] = []

        def insist() -> None:
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline and told[-1:] != [202]:
                with contextlib.suppress(httpx.HTTPError):
                    answer = httpx.post(
                        f"{web}/api/v1/clients/{slug}/authorizations/hand-in/",
                        json=content,
                        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "codes"},
                        timeout=10,
                    )
                    told.append(answer.status_code)
                time.sleep(0.3)

        program = threading.Thread(target=insist, daemon=True)
        program.start()
        self.torment.strike(kills)
        program.join(PATIENCE)
        assert told[-1:] == [202], f"the API never took the codes: {told}"

    def _settle(self, what: str, *, calm: float = 0.0) -> None:
        """Let the product work until nothing is left to do for `calm` seconds.

        Its time passes faster than ours while something waits for its time.
        """
        begin = moved = busy = time.monotonic()
        left: list[str] = []
        while time.monotonic() < begin + PATIENCE:
            self.rig.revive()
            left = _insist(lambda: unfinished(self.client.pk))
            if left:
                busy = time.monotonic()
            elif time.monotonic() - busy >= calm:
                return
            if left and time.monotonic() - moved > 4:
                self.rig.clock.advance(SHORTER_THAN_A_CLAIM)
                moved = time.monotonic()
            time.sleep(0.5)
        raise AssertionError(f"{what} did not come to an end: {'; '.join(left[:6])}")


def run(ground: Ground) -> Iterator[str]:
    """`rounds` kills, spread over runs of one world; yields what differs from the run in peace."""
    wanted, _ = _lived(ground, "peace", 0)
    if not any(row[-1] == "live" for row in wanted["launches"]):
        yield f"The run in peace launched nothing: {dict(wanted['launches'])}"
    if not wanted["ledger"]:
        yield "The run in peace booked nothing."
    for number, begin in enumerate(range(0, ground.rounds, KILLS_OF_A_RUN), start=1):
        kills = min(KILLS_OF_A_RUN, ground.rounds - begin)
        found, told = _lived(ground, f"run {number}", kills)
        yield from told
        yield from (f"run {number}, {one}" for one in differences(wanted, found))


def _lived(ground: Ground, word: str, kills: int) -> tuple[dict[str, Rows], list[str]]:
    ground.fresh("kills")
    ground.rig.clock.set(START)
    tiktok = start_tiktok(ground.rig, seed=ground.seed, start=START)
    torment = Torment(ground.rig, ground.chance(word), kills)
    life = Life(ground, tiktok, torment)
    try:
        life.live()
    except AssertionError as fault:
        raise AssertionError(f"{word} after {torment.done}: {fault}") from fault
    finally:
        ground.rig.stop("beat", "worker", "web")
    found = _insist(lambda: state_of(life.client.pk))
    told = [f"{word} after {torment.done}: {one}" for one in tiktok.sent_twice()]
    return found, told


def _insist(act: Callable[[], Found]) -> Found:
    """A person tries again when the page failed; each act is one that may be repeated."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except (DatabaseError, OperationalError):
            if time.monotonic() > deadline:
                raise
            connections.close_all()
            time.sleep(0.5)


SCENARIO = Scenario("kills", run, rounds=24, full=200)
