"""What a creator is told of a code."""

from datetime import UTC, datetime, timedelta

import pytest

from authorizations.rules.handed_in import SAID, HandedIn, Verdict, told
from authorizations.rules.states import State
from authorizations.rules.wording import sentences

NOW = datetime(2026, 9, 10, 18, tzinfo=UTC)
POST, OTHER = 1, 2


def code(
    state: State = State.SUBMITTED,
    *answers: tuple[str, str],
    post: int | None = None,
    problem: str = "",
    says: str = "",
    ago: timedelta = timedelta(seconds=5),
) -> HandedIn:
    return HandedIn(state, post, problem, says, answers, NOW - ago)


@pytest.mark.parametrize(
    ("handed_in", "verdict", "key"),
    [
        (code(State.SUBMITTED, ("waiting", "")), Verdict.ASKING, "check_asking"),
        (code(State.SUBMITTED, ("retry", "")), Verdict.ASKING, "check_asking"),
        (
            code(State.SUBMITTED, ("waiting", ""), ago=timedelta(minutes=11)),
            Verdict.RECEIVED,
            "check_received",
        ),
        (code(State.SUBMITTED), Verdict.RECEIVED, "check_received"),
        (
            code(State.SUBMITTED, ("redeemed", "end_unknown"), post=POST, problem="end_unknown"),
            Verdict.REVIEW,
            "check_review",
        ),
        (code(State.VERIFIED, ("redeemed", ""), post=POST), Verdict.WORKS, "check_works"),
        (code(State.SUPERSEDED, ("redeemed", ""), post=POST), Verdict.WORKS, "check_works"),
        # One account refuses, another has it: the code works.
        (
            code(State.EXPIRING, ("refused", "region"), ("redeemed", ""), post=POST),
            Verdict.WORKS,
            "check_works",
        ),
        (
            code(State.VERIFIED, ("redeemed", ""), post=OTHER),
            Verdict.PROBLEM,
            "problem_other_post",
        ),
        (
            code(State.REJECTED, ("refused", "wrong"), problem="wrong"),
            Verdict.PROBLEM,
            "problem_wrong",
        ),
        (
            code(State.REJECTED, ("refused", "format"), problem="format"),
            Verdict.PROBLEM,
            "problem_wrong",
        ),
        # A broken connection is nothing the creator did.
        (
            code(State.SUBMITTED, ("refused", "connection_lost"), problem="connection_lost"),
            Verdict.RECEIVED,
            "problem_ours",
        ),
    ],
)
def test_a_code_has_one_thing_to_be_said_of_it(
    handed_in: HandedIn, verdict: Verdict, key: str
) -> None:
    found = told(handed_in, for_post=POST, now=NOW)
    assert (found.verdict, found.key) == (verdict, key)


def test_what_tiktok_says_and_nobody_knows_is_passed_on() -> None:
    says = "Something new (40002)"
    unknown = code(State.SUBMITTED, ("refused", "unknown"), problem="unknown", says=says)
    found = told(unknown, for_post=POST, now=NOW)
    assert (found.key, found.text) == ("problem_other", says)


def test_every_known_problem_has_its_sentence() -> None:
    assert all(sentences("en")[f"problem_{word}"] for word in SAID)
