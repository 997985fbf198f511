"""Authorized posts and linked accounts from TikTok."""

from authorizations.inbound.accounts import IDENTITIES
from authorizations.inbound.posts import AUTHORIZED_POSTS

STREAMS = (AUTHORIZED_POSTS, IDENTITIES)

__all__ = ["STREAMS"]
