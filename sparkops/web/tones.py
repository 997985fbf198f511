"""Which colour a state word carries. One table, from the design's vocabulary of states.

`ok` green, `info` blue, `warn` amber, `bad` red, empty grey; `half` draws a hollow dot (not yet),
`line` a plain outline (a label, not a state).
"""

_TONES = {
    "": ("revoked", "closed", "paused", "off", "declined", "ended", "unknown"),
    "half": (
        "draft",
        "awaiting code",
        "waiting for approval",
        "waiting",
        "queued",
        "not checked",
        "invited",
    ),
    "info half": ("code received", "requested"),
    "info": ("authorized", "learning", "keep testing", "running", "in review", "shipped"),
    "ok": (
        "live in ads",
        "delivering",
        "healthy",
        "settled",
        "earned it",
        "approved",
        "done",
        "active",
        "posted",
        "delivered",
        "signed",
        "matched",
    ),
    "warn": (
        "expiring",
        "paused by guard",
        "reconnect soon",
        "late",
        "partly done",
        "limited",
        "overdue",
    ),
    "bad": (
        "expired",
        "wrong post",
        "code refused",
        "post removed",
        "code expired",
        "refused",
        "broken",
        "blocked",
        "failed",
        "lost permission",
        "missing",
    ),
    "line": ("estimated",),
}
_BY_WORD = {word: tone for tone, words in _TONES.items() for word in words}


def tone_of(word: str) -> str:
    """The badge classes of a state word in any case; grey for a word the table does not have."""
    return _BY_WORD.get(word.strip().lower().replace("_", " "), "")
