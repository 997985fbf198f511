"""Which comments under a boosted post need a person, and by when (N24).

Ads under a creator's handle draw complaints that must be handled within hours (domain 2.7).
"""

import re
from datetime import timedelta

RESPONSE = timedelta(hours=4)
"""The response clock: our own target for "within hours" (domain 3.10)."""
RISKS = {
    "complaint": r"broken|damaged|never arrived|not arrived|arrived late|refund|money back|return",
    "safety": r"rash|allerg\w*|burn(s|ed|t)?|hospital|sick|infect\w*|unsafe|dangerous",
    "trust": r"scam\w*|fake|fraud|lie[sd]?|lying|misleading|rip.?off|counterfeit",
    "abuse": r"hate|disgusting|trash|garbage|worst|ugly|stupid",
}
_WORDS = {name: re.compile(rf"\b({words})\b", re.IGNORECASE) for name, words in RISKS.items()}


def risks_of(text: str) -> list[str]:
    """The kinds of risk in a comment; empty for one that needs nobody.

    English words only: comments in other languages are shown and not judged.
    """
    return [name for name, words in _WORDS.items() if words.search(text)]
