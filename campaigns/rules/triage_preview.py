"""What a changed rule would do to the posts there are, before it is saved."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.rules.triage import Earned, judge
from campaigns.rules.triage_facts import Facts, Rule
from campaigns.rules.triage_gates import Result


@dataclass(frozen=True, slots=True)
class Drop:
    """How many posts one gate does not let pass, under the rule as it is and as it would be."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Posts per answer before and after, and what each gate drops; `posts` were looked at."""

    posts: int
    answers: tuple[Drop, ...]
    gates: tuple[Drop, ...]


def preview(posts: Iterable[Facts], before: Rule, after: Rule) -> Preview:
    """Judge the same facts by both rules."""
    counted = 0
    earned: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    dropped: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    names: dict[str, None] = {}
    for facts in posts:
        counted += 1
        for side, rule in enumerate((before, after)):
            found = judge(facts, rule)
            earned[side][found.earned.value] += 1
            for gate in found.gates:
                names.setdefault(gate.name)
                dropped[side][gate.name] += gate.result is not Result.PASS
    return Preview(
        counted,
        tuple(Drop(word.value, earned[0][word.value], earned[1][word.value]) for word in Earned),
        tuple(Drop(name, dropped[0][name], dropped[1][name]) for name in names),
    )
