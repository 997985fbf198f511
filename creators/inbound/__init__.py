"""Creators, samples and posts from TikTok Shop."""

from creators.inbound.collaborations import COLLABORATIONS
from creators.inbound.market import MARKET
from creators.inbound.posts import POST_NUMBERS
from creators.inbound.profiles import PROFILES
from creators.inbound.samples import SAMPLE_POSTS, SAMPLES

STREAMS = (COLLABORATIONS, POST_NUMBERS, SAMPLES, SAMPLE_POSTS, PROFILES, MARKET)

__all__ = ["MARKET", "STREAMS"]
