"""Segments, outreach and its recipients."""

from sparkops.outreach.models.outreaches import Outreach, OutreachProduct, Recipient
from sparkops.outreach.models.segments import Segment

__all__ = ["Outreach", "OutreachProduct", "Recipient", "Segment"]
