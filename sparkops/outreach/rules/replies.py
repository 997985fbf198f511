"""What an answer means for the messages that would follow it (AB5)."""

import re

ANSWERED, DECLINED, OPTED_OUT, BLOCKED = "answered", "declined", "opted_out", "blocked"

WHY = {
    ANSWERED: "The creator answered. A person goes on from here.",
    DECLINED: "The creator declined.",
    OPTED_OUT: "The creator wants no more messages.",
    BLOCKED: "The creator is blocked.",
}
FOR_GOOD = (OPTED_OUT, BLOCKED)
"""After these nothing is sent any more, in no later outreach either."""

_OPT_OUT = re.compile(
    r"^\W*(stop|unsubscribe)\W*$|\b(unsubscribe|opt out|remove me"
    r"|stop (messaging|contacting|writing)|(do not|don'?t) (message|contact|write|text)"
    r"|no more messages)\b"
)
_DECLINE = re.compile(r"\b(not interested|no,? thank(s| you)|i('ll| will) pass|no gracias)\b")


def meaning_of(text: str) -> str:
    """What a message says, as far as plain words tell. In doubt it is an answer: a person reads
    it, and nothing follows either way."""
    words = text.lower().replace("’", "'")
    if _OPT_OUT.search(words):
        return OPTED_OUT
    return DECLINED if _DECLINE.search(words) else ANSWERED
