"""When an ad may run and does run: permission, switches, schedule and post, as time spans.

A span is ``(start, end)``, end excluded; lists of spans are sorted and do not overlap.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sparkops.sandbox.world.ads import Ad, GmvMaxCampaign, Switch, Switched
from sparkops.sandbox.world.people import Code, Redemption
from sparkops.sandbox.world.state import World

Span = tuple[datetime, datetime]
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def intersect(left: list[Span], right: list[Span]) -> list[Span]:
    spans = []
    for start, end in left:
        for other_start, other_end in right:
            latest, earliest = max(start, other_start), min(end, other_end)
            if latest < earliest:
                spans.append((latest, earliest))
    return sorted(spans)


def union(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def without(spans: list[Span], holes: list[Span]) -> list[Span]:
    for hole_start, hole_end in holes:
        spans = intersect(spans, [(LONG_AGO, hole_start), (hole_end, FOREVER)])
    return spans


def spans_of(switches: list[Switch], status: str) -> list[Span]:
    """When the history stood on ``status``."""
    spans = []
    for index, switch in enumerate(switches):
        later = switches[index + 1 :]
        end = later[0].at if later else FOREVER
        if switch.status == status and switch.at < end:
            spans.append((switch.at, end))
    return union(spans)


def enabled(entity: Switched) -> list[Span]:
    """When its own switch stood on ENABLE."""
    return spans_of(entity.switches, "ENABLE")


def code_spans(code: Code) -> list[Span]:
    return without([(code.starts_at, max(code.starts_at, code.over_at()))], code.lapses)


def redemption_spans(world: World, redemption: Redemption) -> list[Span]:
    until = redemption.unbound_at or FOREVER
    return intersect(
        code_spans(world.codes[redemption.code_text]), [(redemption.redeemed_at, until)]
    )


def authorized(world: World, advertiser_id: str, item_id: str) -> list[Span]:
    """When the ad account held a valid code for the post."""
    spans: list[Span] = []
    for redemption in world.redemptions_of(advertiser_id):
        if redemption.item_id == item_id:
            spans += redemption_spans(world, redemption)
    return union(spans)


def post_spans(world: World, item_id: str) -> list[Span]:
    post = world.posts.get(item_id)
    if post is None:
        return []
    ends = [moment for moment in (post.ends_at(), post.link_dropped_at) if moment]
    return intersect([(post.posted_at, min(ends, default=FOREVER))], [(LONG_AGO, FOREVER)])


def ad_spans(world: World, ad: Ad) -> list[Span]:
    """When the ad delivered or, left alone, will deliver."""
    return world.derived(("ad_spans", ad.id), lambda: _ad_spans(world, ad))


def _ad_spans(world: World, ad: Ad) -> list[Span]:
    adgroup, campaign = world.adgroups[ad.adgroup_id], world.campaigns[ad.campaign_id]
    spans = spans_of(ad.reviews, "APPROVED")
    for entity in (ad, adgroup, campaign):
        spans = intersect(spans, enabled(entity))
    schedule = (adgroup.starts_at or LONG_AGO, adgroup.ends_at or FOREVER)
    spans = intersect(spans, [schedule])
    if ad.identity_type == "AUTH_CODE":
        spans = intersect(spans, authorized(world, ad.advertiser_id, ad.item_id))
    return intersect(spans, post_spans(world, ad.item_id)) if ad.item_id else spans


def gmv_max_spans(campaign: GmvMaxCampaign) -> list[Span]:
    schedule = (campaign.starts_at or campaign.created_at, campaign.ends_at or FOREVER)
    return intersect(enabled(campaign), [schedule])


def covers(spans: list[Span], moment: datetime) -> bool:
    return any(start <= moment < end for start, end in spans)


def seconds_within(spans: list[Span], start: datetime, end: datetime) -> float:
    return sum(
        (span_end - span_start).total_seconds()
        for span_start, span_end in intersect(spans, [(start, end)])
    )
