"""Creators, collaborations, samples, posts and their day numbers."""

from creators.models.application import Application, ApplicationPage
from creators.models.collaboration import Collaboration, RateChange, RatePolicy
from creators.models.creator import Creator, Handle
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
    "Collaboration",
    "Creator",
    "Handle",
    "Post",
    "PostBatch",
    "PostDay",
    "PostDayResult",
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
