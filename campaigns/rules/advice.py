"""What to do with a judged post: Spark, in-feed or GMV Max, and the next step (domain 3.8)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from campaigns.rules.triage_facts import Facts
from campaigns.rules.triage_gates import Gate


class Route(StrEnum):
    """How a post is put into paid distribution."""

    SPARK = "spark"
    IN_FEED = "in_feed"
    GMV_MAX = "gmv_max"
    NONE = ""


class Step(StrEnum):
    """The next thing to do."""

    LAUNCH = "launch"
    ASK_RIGHTS = "ask_rights"
    WAIT = "wait"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation and its reason, the next step and why."""

    route: Route
    reason: str
    step: Step
    why: str


def advise(earned: str, gates: Collection[Gate], facts: Facts) -> Advice:
    """What suits the post. Only a post that earned it is recommended for launch."""
    by_name = {gate.name: gate for gate in gates}
    route, reason = _route(earned, by_name, facts)
    step, why = _step(earned, by_name, route)
    return Advice(route, reason, step, why)


def _route(earned: str, gates: dict[str, Gate], facts: Facts) -> tuple[Route, str]:
    if earned == "not_yet":
        return Route.NONE, "There is not enough data to recommend anything."
    sells = _passes(gates, "gpm") or _passes(gates, "orders")
    if earned == "rejected":
        if sells and not _usable(gates):
            return (
                Route.IN_FEED,
                "It sells, but the post itself cannot be used. Make a cut of your own from the"
                " idea and run it as a standard in-feed ad.",
            )
        return Route.NONE, "Paid distribution is not recommended."
    if facts.has_product and sells:
        return (
            Route.GMV_MAX,
            "It sells a TikTok Shop product, and ads for shop sales run in GMV Max: authorize the"
            " post and let GMV Max use it.",
        )
    return (
        Route.SPARK,
        "People watch and react, but it sells little: a Spark Ad keeps the creator's handle,"
        " comments and likes while it buys reach or traffic.",
    )


def _step(earned: str, gates: dict[str, Gate], route: Route) -> tuple[Step, str]:
    if earned == "rejected":
        failed = [gate for gate in gates.values() if gate.kind == "hard" and gate.result == "fail"]
        return Step.LEAVE, failed[0].sentence if failed else "Its score is too low."
    if earned == "not_yet":
        missing = [
            gate
            for gate in gates.values()
            if gate.kind in ("evidence", "hard") and gate.result == "unknown"
        ]
        return Step.WAIT, missing[0].sentence if missing else "Too few gates have data to score it."
    if earned == "promising":
        return Step.WAIT, "Keep testing: it is close, but has not earned a budget yet."
    cover = gates.get("cover_left")
    if cover is not None and cover.result != "pass":
        return Step.ASK_RIGHTS, cover.sentence
    where = "GMV Max" if route is Route.GMV_MAX else "a Spark Ad"
    return Step.LAUNCH, f"It earned it and is covered: put it into {where}."


def _usable(gates: dict[str, Gate]) -> bool:
    return all(gates[name].result != "fail" for name in ("availability", "rights") if name in gates)


def _passes(gates: dict[str, Gate], name: str) -> bool:
    return name in gates and gates[name].result == "pass"


def decided(decision: str, gates: Collection[Gate], advice: Advice) -> tuple[Step, str]:
    """The next step once a person decided: `approved`, `testing`, `declined`, or "" for nobody."""
    if decision == "approved":
        cover = next((gate for gate in gates if gate.name == "cover_left"), None)
        if cover is not None and cover.result != "pass":
            return Step.ASK_RIGHTS, cover.sentence
        return Step.LAUNCH, "Approved by hand, and covered."
    if decision == "testing":
        return Step.WAIT, "Kept in testing by hand."
    if decision == "declined":
        return Step.LEAVE, "Declined by hand."
    return advice.step, advice.why
