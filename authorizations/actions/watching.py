"""Noticing what happens to posts without us, keeping the evidence and telling people (AR7, N6)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from authorizations.models import Authorization, Finding, Redemption, Sight
from authorizations.queries import spend_per_day
from authorizations.rules import watch
from authorizations.rules.watch import Change, Kind, Seen
from creators.models import Post
from sparkops.alerts.actions import raise_alert, resolve_alerts
from sparkops.alerts.models import Alert
from sparkops.audit.record import SYSTEM, Actor, record
from sparkops.catalog.models import AdAccount
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.tenants.models import Client

TIKTOK = Actor("TikTok")


@dataclass(frozen=True)
class Look:
    """One look at a post in an ad account; `said` is TikTok's answer without the code."""

    post_id: int
    seen: Seen
    code_mask: str
    said: dict[str, Any]


def note_looks(looks: Sequence[Look], account: AdAccount, *, now: datetime) -> list[Finding]:
    """Keep what differs from the look before and open findings; returns the findings opened.

    Looks that say what is known cost two queries for any number of posts.
    """
    earlier = _newest([one.post_id for one in looks], account)
    fresh = [one for one in looks if _differs(earlier.get(one.post_id), one)]
    opened: list[Finding] = []
    for look in fresh:
        opened += _note(look, earlier.get(look.post_id), account, now)
    _end_what_is_over(looks, account, now)
    return opened


def note_found(
    change: Change,
    *,
    now: datetime,
    post_id: int | None = None,
    authorization: Authorization | None = None,
    account: AdAccount | None = None,
    sight: Sight | None = None,
    earlier: Sight | None = None,
) -> Finding | None:
    """Open a finding and tell people; None when the same stands open or was noted just so."""
    about = {
        "post_id": post_id,
        "authorization": authorization,
        "ad_account": account,
        "kind": change.kind.value,
    }
    last = Finding.objects.filter(**about).order_by("-pk").first()
    if last is not None and last.over_at is None:
        if change.kind in watch.STATES or last.after == change.after:
            return None
        _end(last, SYSTEM, now, "It changed once more.")
    finding = Finding.objects.create(
        **about,
        sentence=change.sentence,
        tiktok_says=change.says,
        before=change.before,
        after=change.after,
        sight=sight,
        earlier=earlier,
        noticed_at=now,
    )
    record(
        f"post.{change.kind}",
        _subject(finding),
        by=TIKTOK,
        now=now,
        reason=change.sentence,
        data={"finding": finding.pk, "before": change.before, "after": change.after},
    )
    _tell(finding, now)
    return finding


def note_unlisted(redemption: Redemption, reason: str, *, now: datetime) -> Finding | None:
    """A permission that TikTok's lists hold no more in an ad account."""
    row = redemption.authorization
    return note_found(
        Change(Kind.UNLISTED, reason, before="listed", after="not listed"),
        now=now,
        post_id=row.post_id,
        authorization=None if row.post_id else row,
        account=redemption.ad_account,
    )


def note_linked_again(authorization: Authorization, account: AdAccount, *, now: datetime) -> None:
    """A linked account that was found missing in this ad account is there again."""
    for finding in Finding.objects.filter(
        authorization=authorization, ad_account=account, over_at=None
    ):
        _end(finding, TIKTOK, now, "The account is linked again.")


def settle_finding(finding: Finding, *, note: str, by: Actor, now: datetime) -> None:
    """A person has dealt with it. Raises Refusal while TikTok still says the same."""
    if finding.over_at is not None:
        return
    if finding.kind in watch.STATES:
        raise Refusal(
            "still_holds",
            "TikTok still says so. It ends by itself as soon as TikTok says otherwise.",
        )
    _end(finding, by, now, note)


def _newest(post_ids: Collection[int], account: AdAccount) -> dict[int, Sight]:
    rows = Sight.objects.filter(post_id__in=post_ids, ad_account=account)
    return {row.post_id: row for row in rows.order_by("post_id", "-pk").distinct("post_id")}


def _differs(before: Sight | None, look: Look) -> bool:
    return before is None or before.code_mask != look.code_mask or _seen(before) != look.seen


def _seen(sight: Sight) -> Seen:
    return Seen(
        post_word=sight.post_word,
        authorization_word=sight.authorization_word,
        ends_at=sight.ends_at,
        caption=sight.caption,
        products=tuple(sight.products),
        regions=tuple(sight.regions),
    )


def _note(look: Look, before: Sight | None, account: AdAccount, now: datetime) -> list[Finding]:
    seen = look.seen
    sight = Sight.objects.create(
        post_id=look.post_id,
        ad_account=account,
        seen_at=now,
        post_word=seen.post_word,
        authorization_word=seen.authorization_word,
        ends_at=seen.ends_at,
        caption=seen.caption,
        products=list(seen.products),
        regions=list(seen.regions),
        code_mask=look.code_mask,
        said=look.said,
    )
    found = watch.changes(_seen(before) if before else None, seen)
    opened = [
        note_found(
            one,
            now=now,
            post_id=look.post_id,
            account=account if one.kind in watch.OF_ONE_ACCOUNT else None,
            sight=sight,
            earlier=before,
        )
        for one in found
    ]
    return [one for one in opened if one is not None]


def _end_what_is_over(looks: Sequence[Look], account: AdAccount, now: datetime) -> None:
    seen = {one.post_id: one.seen for one in looks}
    held = Finding.objects.filter(
        Q(ad_account=None) | Q(ad_account=account),
        post_id__in=seen,
        kind__in=[kind.value for kind in watch.STATES],
        over_at=None,
    )
    for finding in held.select_related("post", "earlier"):
        linked = finding.earlier.products if finding.earlier else []
        if not watch.still_holds(Kind(finding.kind), linked, seen[finding.post_id or 0]):
            _end(finding, TIKTOK, now, "TikTok does not say so any more.")


def _end(finding: Finding, by: Actor, now: datetime, note: str) -> None:
    finding.over_at, finding.over_by, finding.note = now, by.label, note
    finding.save(update_fields=["over_at", "over_by", "note"])
    resolve_alerts(finding, now=now)
    record(
        f"post.{finding.kind}.over",
        _subject(finding),
        by=by,
        now=now,
        reason=note,
        data={"finding": finding.pk},
    )


def _subject(finding: Finding) -> Post | Authorization:
    subject = finding.post or finding.authorization
    assert subject is not None
    return subject


def _tell(finding: Finding, now: datetime) -> None:
    """Owner and creator manager; what costs money now is critical."""
    client = Client.objects.get(pk=current_client_id())
    post = finding.post
    day = shop_day(now, client.timezone)
    spend = spend_per_day([post.pk], day).get(post.pk) if post else None
    severity = Alert.Severity.INFO
    if finding.kind != Kind.EXTENDED:
        severity = Alert.Severity.CRITICAL if spend else Alert.Severity.WARNING
    raise_alert(
        f"post.{finding.kind}",
        f"post.{finding.kind}:{finding.pk}",
        subject=finding,
        severity=severity.value,
        title=str(finding)[:200],
        body=_body(finding),
        path=reverse("authorizations:finding", kwargs={"client": client.slug, "pk": finding.pk}),
        action_label="See what was found",
        at_risk=spend.amount if spend else None,
        currency=spend.currency if spend else "",
        now=now,
    )


def _body(finding: Finding) -> str:
    says = f" TikTok says: {finding.tiktok_says}." if finding.tiktok_says else ""
    stops = "" if finding.kind == Kind.EXTENDED else " Ads that depend on it are paused."
    return f"{finding.sentence}{says}{stops}"
