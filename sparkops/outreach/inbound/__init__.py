"""What TikTok tells about outreach."""

from sparkops.outreach.inbound.quota import QUOTA

STREAMS = (QUOTA,)

__all__ = ["QUOTA", "STREAMS"]
