"""Which of the sandbox's switches a round of `manage.py torture` throws, and when."""

from random import Random

import pytest

from bench.torture.scenarios import SCENARIOS
from bench.torture.scenarios.tiktok import (
    ANSWERS,
    MIXED,
    PASSING,
    SCENARIO,
    TOKENS,
    Mischief,
    mischiefs,
)
from sparkops.sandbox.faults import KINDS, Faults

EVERY = (*PASSING, *ANSWERS, *TOKENS)


def test_every_switch_of_the_sandbox_is_thrown_alone_in_a_full_run() -> None:
    rounds = list(mischiefs(Random("any"), SCENARIO.full))
    alone = [one.kinds[0] for one in rounds if len(one.kinds) == 1]
    assert sorted(alone) == sorted(EVERY) == sorted(KINDS)
    mixes = [one.kinds for one in rounds if len(one.kinds) > 1]
    assert len(mixes) == SCENARIO.full - len(EVERY)
    assert all(len(set(kinds)) == MIXED for kinds in mixes)
    assert SCENARIOS["tiktok"] is SCENARIO


def test_the_same_seed_throws_the_same_switches_at_the_same_requests() -> None:
    first, again, other = (
        [(one.kinds, one.reading(), one.writing()) for one in mischiefs(Random(seed), 5)]
        for seed in ("7", "7", "8")
    )
    assert first == again != other


@pytest.mark.parametrize("kind", EVERY)
def test_writes_meet_only_what_passes(kind: str) -> None:
    """A refusal for good ends a command, and then a person has to ask again."""
    mischief = Mischief((kind,), Random(kind))
    sandbox = Faults()
    for fault in mischief.reading():
        assert sandbox.add(fault).kind == kind
    assert len(sandbox.listed()) > 1
    assert bool(mischief.writing()) == (kind in PASSING)
