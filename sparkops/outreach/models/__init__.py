"""Segments, outreach with its recipients, and what is sent to them."""

from sparkops.outreach.models.collisions import Collision, Exclusivity
from sparkops.outreach.models.letters import Invitation, Letter
from sparkops.outreach.models.outreaches import Outreach, OutreachProduct, Recipient, Step
from sparkops.outreach.models.quota import Contact, Quota
from sparkops.outreach.models.replies import Reply
from sparkops.outreach.models.segments import Segment
from sparkops.outreach.models.threads import Answer, SavedAnswer, Thread

__all__ = [
    "Answer",
    "Collision",
    "Contact",
    "Exclusivity",
    "Invitation",
    "Letter",
    "Outreach",
    "OutreachProduct",
    "Quota",
    "Recipient",
    "Reply",
    "SavedAnswer",
    "Segment",
    "Step",
    "Thread",
]
