"""Creators, collaborations, samples, posts and their day numbers."""

from creators.models.application import Application, ApplicationPage
from creators.models.care import Block, CreatorBatch, CreatorTag
from creators.models.collaboration import Collaboration, RateChange, RatePolicy
from creators.models.creator import Creator, Handle
from creators.models.market import MarketHit, MarketSearch
from creators.models.match import MatchClues, PostMatch
from creators.models.post import (
    Post,
    PostBatch,
    PostDay,
    PostDayResult,
    PostProduct,
    PostResult,
    PostTag,
)
from creators.models.sample import Sample, SampleAnswer, SamplePolicy, SampleReminder

__all__ = [
    "Application",
    "ApplicationPage",
    "Block",
    "Collaboration",
    "Creator",
    "CreatorBatch",
    "CreatorTag",
    "Handle",
    "MarketHit",
    "MarketSearch",
    "MatchClues",
    "Post",
    "PostBatch",
    "PostDay",
    "PostDayResult",
    "PostMatch",
    "PostProduct",
    "PostResult",
    "PostTag",
    "RateChange",
    "RatePolicy",
    "Sample",
    "SampleAnswer",
    "SamplePolicy",
    "SampleReminder",
]
