"""Campaigns, ads, their day numbers, launches, incidents and triage."""

from campaigns.models.ads import Ad, AdDay, AdGroup, Campaign
from campaigns.models.gmv_max import GmvMaxDay
from campaigns.models.incident import Incident
from campaigns.models.launch import Launch
from campaigns.models.triage import PostVerdict, TriageRule

__all__ = [
    "Ad",
    "AdDay",
    "AdGroup",
    "Campaign",
    "GmvMaxDay",
    "Incident",
    "Launch",
    "PostVerdict",
    "TriageRule",
]
