"""Authorized posts and linked accounts from TikTok."""

from authorizations.inbound.accounts import IDENTITIES
from authorizations.inbound.posts import AUTHORIZED_POSTS
from authorizations.inbound.watched import WATCHED_POSTS

STREAMS = (AUTHORIZED_POSTS, IDENTITIES)
WATCH = (WATCHED_POSTS,)

__all__ = ["STREAMS", "WATCH"]
