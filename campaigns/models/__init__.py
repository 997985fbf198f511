"""Campaigns, ads, their day numbers, launches and incidents."""

from campaigns.models.ads import Ad, AdDay, AdGroup, Campaign
from campaigns.models.gmv_max import GmvMaxDay
from campaigns.models.incident import Incident
from campaigns.models.launch import Launch

__all__ = ["Ad", "AdDay", "AdGroup", "Campaign", "GmvMaxDay", "Incident", "Launch"]
