"""What a creator is told of a code that they handed in: one word of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from authorizations.rules.states import USABLE, State

SAID = frozenset(
    {
        "wrong", "deleted_code", "expired", "already_used", "other_post", "region", "too_long",
        "original_needed", "post_deleted", "post_private", "post_violation", "mentions_many",
        "story", "duet", "not_authorized",
    }
)  # fmt: skip
SAME_AS = {
    "format": "wrong", "post_removed": "post_violation", "duet_carousel": "duet",
}  # fmt: skip
REVIEW = frozenset({"post_in_review", "not_begun", "end_unknown"})
ANSWER_WITHIN = timedelta(minutes=10)
"""After this long the page stops asking by itself."""


class Verdict(StrEnum):
    """How it stands: `ASKING` while an answer can come any second."""

    ASKING = "asking"
    RECEIVED = "received"
    REVIEW = "review"
    WORKS = "works"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A code as the ledger has it. `post` None until TikTok has said it; `answers` are pairs of the
    state of one ad account's redemption and its problem's word."""

    state: State
    post: int | None
    problem: str
    tiktok_says: str
    answers: Sequence[tuple[str, str]]
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """`key` is the sentence of the catalogue, `text` what TikTok said where that is shown."""

    verdict: Verdict
    key: str
    text: str = ""


def told(code: HandedIn, *, for_post: int, now: datetime) -> Told:
    """What to say of a code that was handed in for a post."""
    if code.post is not None and code.post != for_post:
        return Told(Verdict.PROBLEM, "problem_other_post")
    if code.state in USABLE or code.state in {State.RENEWED, State.SUPERSEDED}:
        return Told(Verdict.WORKS, "check_works")
    words = {state for state, _ in code.answers}
    if words & {"waiting", "retry"}:
        fresh = now - code.at < ANSWER_WITHIN
        return Told(Verdict.ASKING, "check_asking") if fresh else _received()
    problem = code.problem or next((word for _, word in code.answers if word), "")
    if problem in REVIEW:
        return Told(Verdict.REVIEW, "check_review")
    if not code.answers or not problem:
        return _received()
    return _problem(problem, code.tiktok_says)


def _received() -> Told:
    return Told(Verdict.RECEIVED, "check_received")


def _problem(word: str, says: str) -> Told:
    known = SAME_AS.get(word, word)
    if known in SAID:
        return Told(Verdict.PROBLEM, f"problem_{known}")
    if word == "unknown" and says:
        return Told(Verdict.PROBLEM, "problem_other", says)
    return Told(Verdict.RECEIVED, "problem_ours")
