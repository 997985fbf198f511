"""Kinds of alerts that people may choose about."""

MENTION = "talk.mention"
REPLY = "talk.reply"
ASSIGNED = "talk.assigned"
PERSONAL = (MENTION, REPLY, ASSIGNED)
"""Said to one person and no work of the whole team, so not in the team's queue."""
