"""What TikTok tells about outreach."""

from sparkops.outreach.inbound.conversations import CONVERSATIONS
from sparkops.outreach.inbound.quota import QUOTA

STREAMS = (CONVERSATIONS, QUOTA)

__all__ = ["CONVERSATIONS", "QUOTA", "STREAMS"]
