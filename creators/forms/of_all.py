"""Filters of the lists over all clients: without what belongs to one team, owners and tags."""

from creators.forms import CreatorFilters, Period, PostFilters
from sparkops.tenants.forms import ClientChoice


class CreatorsOfAllFilters(ClientChoice, Period):
    field_order = ("q", "client", "posted", "since", "until", "sample", "tier")

    q = CreatorFilters.base_fields["q"]
    posted = CreatorFilters.base_fields["posted"]
    sample = CreatorFilters.base_fields["sample"]
    tier = CreatorFilters.base_fields["tier"]


class PostsOfAllFilters(ClientChoice, Period):
    field_order = ("q", "client", "creator", "posted", "since", "until", "availability")

    q = PostFilters.base_fields["q"]
    creator = PostFilters.base_fields["creator"]
    posted = PostFilters.base_fields["posted"]
    availability = PostFilters.base_fields["availability"]
