"""Campaigns, ads and their numbers, launches, plans, guards, incidents, triage and evidence."""

from campaigns.models.ads import Ad, AdDay, AdGroup, AdHour, Campaign
from campaigns.models.caps import SpendCap
from campaigns.models.changes import HandChange
from campaigns.models.comments import AdComment
from campaigns.models.evidence import EvidencePack
from campaigns.models.gmv_max import GmvMaxDay
from campaigns.models.gmv_max_launch import GmvMaxLaunch, GmvMaxPick
from campaigns.models.gmv_max_posts import GmvMaxChoice
from campaigns.models.guards import GuardCheck, GuardRule, Level
from campaigns.models.incident import Incident
from campaigns.models.launch import Launch
from campaigns.models.plans import ApprovalLink, LaunchLimit, Plan, PlanLine
from campaigns.models.templates import LaunchTemplate
from campaigns.models.triage import BackTest, PostVerdict, TriageRule

__all__ = [
    "Ad",
    "AdComment",
    "AdDay",
    "AdGroup",
    "AdHour",
    "ApprovalLink",
    "BackTest",
    "Campaign",
    "EvidencePack",
    "GmvMaxChoice",
    "GmvMaxDay",
    "GmvMaxLaunch",
    "GmvMaxPick",
    "GuardCheck",
    "GuardRule",
    "HandChange",
    "Incident",
    "Launch",
    "LaunchLimit",
    "LaunchTemplate",
    "Level",
    "Plan",
    "PlanLine",
    "PostVerdict",
    "SpendCap",
    "TriageRule",
]
