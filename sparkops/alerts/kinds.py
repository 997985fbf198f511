"""Kinds of alerts, as people choose about them."""

MENTION = "talk.mention"
REPLY = "talk.reply"
ASSIGNED = "talk.assigned"
PERSONAL = (MENTION, REPLY, ASSIGNED)
"""Said to one person and no work of the whole team, so not in the team's queue."""

OTHER = "other"
# Event, what people read, and how the kinds of its alerts begin.
EVENTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("talk", "Comments that name or answer you, and tasks", ("talk.",)),
    ("permission", "Permissions that end", ("authorization.", "renewal.")),
    ("watchdog", "Posts and creators that changed", ("post.", "creator.", "case.")),
    (
        "ads",
        "Ads that lost permission, were changed by hand or cannot be switched",
        ("ad.", "part.", "hand_change", "spend_cap"),
    ),
    ("guards", "What guards did, suggest or could not do", ("guard.",)),
    (
        "creators",
        "Samples, collaborations and outreach",
        ("sample.", "samples.", "collaboration.", "outreach."),
    ),
    ("plans", "Plans that the client decided", ("plan.",)),
    ("money", "Money that cannot be booked", ("unbookable", "unlisted_fee", "new_transaction")),
    (OTHER, "Everything else", (OTHER,)),
)
