"""What happened to a creator (one timeline, newest first, CT7) and to a post."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse

from creators.models import Post, Sample
from creators.rules.samples import EXTENSION
from sparkops.audit.models import Event
from sparkops.clock import shop_day_start, zone_or_utc

MOST = 40
DEEDS = {
    "creator.edited": "Details changed",
    "creator.imported": "Imported from a sheet",
    "post.imported": "Imported from a sheet",
    "collaboration.rate_proposed": "New rates proposed",
    "collaboration.rate_approved": "New rates approved",
    "collaboration.rate_declined": "New rates declined",
    "collaboration.rate_done": "Changed in Seller Center",
    "collaboration.changed_outside": "Rates changed in TikTok, not from here",
    "sample.extended": "Extended by 7 days",
    "sample.shortened": "Extension taken back",
    "sample.approved": "Approved",
    "sample.declined": "Declined",
    "sample.answer_undone": "Answer taken back",
    "sample.reminded": "Reminder asked for",
}


def changes(edits: Iterable[Event]) -> list[dict[str, Any]]:
    """What changed about a post, in words."""
    return [{"text": _change(event), "actor": event.actor, "at": event.at} for event in edits]


def _change(event: Event) -> str:
    if event.verb == "post.availability_changed":
        words = dict(Post.Availability.choices)
        before, after = (event.data.get(name, "") for name in ("before", "after"))
        return f"Was “{words.get(before, before)}”, now “{words.get(after, after)}”"
    return _deed(event.verb)


def _deed(verb: str) -> str:
    return DEEDS.get(verb, verb.replace(".", " ").replace("_", " "))


def story(
    slug: str,
    posts: Iterable[Post],
    samples: Iterable[Sample],
    edits: Iterable[Event],
    *,
    zone: str,
) -> list[dict[str, Any]]:
    """What happened, for parts/timeline.html: posts, samples and changes made here."""
    events = [_published(slug, post) for post in posts if post.published_at]
    for sample in samples:
        events += _of_sample(sample, zone)
    events += [_edited(event) for event in edits]
    return sorted(events, key=lambda event: event["at"], reverse=True)[:MOST]


def _published(slug: str, post: Post) -> dict[str, Any]:
    return {
        "icon": "video",
        "tone": "ok",
        "title": "Published a post",
        "text": str(post),
        "at": post.published_at,
        "href": reverse("creators:post", kwargs={"client": slug, "pk": post.pk}),
    }


def _of_sample(sample: Sample, zone: str) -> list[dict[str, Any]]:
    shop = zone_or_utc(sample.product.shop.timezone) if sample.product else zone
    what = str(sample.product) if sample.product else "Unknown product"
    events = [
        {"icon": "box", "title": "Sample first seen", "text": what, "at": sample.first_seen_at}
    ]
    if sample.delivered_at:
        events.append(
            {"icon": "box", "tone": "info", "title": "Sample delivered", "text": what,
             "at": sample.delivered_at}
        )  # fmt: skip
    if sample.due_on and sample.state == Sample.State.OVERDUE:
        until = sample.due_on + EXTENSION
        events.append(
            {
                "icon": "clock",
                "tone": "warn",
                "title": "Post was due",
                "text": what
                if sample.extended_at
                else f"{what}. TikTok may have extended it until {until:%b} {until.day}.",
                "at": shop_day_start(sample.due_on + timedelta(days=1), shop),
            }
        )
    return events


def _edited(event: Event) -> dict[str, Any]:
    return {"icon": "edit", "title": _deed(event.verb), "text": f"By {event.actor}", "at": event.at}
