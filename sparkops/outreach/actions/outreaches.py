"""Writing an outreach, and starting it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from creators.models import Creator
from sparkops.audit.record import Actor, record
from sparkops.catalog.models import Product
from sparkops.clock import shop_day
from sparkops.errors import Refusal
from sparkops.isolation.scope import current_client_id
from sparkops.outreach.models import Outreach, OutreachProduct, Segment, Step
from sparkops.outreach.queries.outreaches import titles_of, why_text_not_ready
from sparkops.outreach.queries.segments import members
from sparkops.outreach.rules.offers import Offer, why_not_offered

_RECIPIENTS = """
INSERT INTO outreach_recipient
       (client_id, outreach_id, creator_id, number, state, reason, next_step, overridden)
SELECT %s, %s, c.id, row_number() OVER (ORDER BY c.gmv_30d DESC, c.id DESC), 'queued', '', 0, false
  FROM creators_creator c WHERE c.id IN ({members})
"""


@dataclass(frozen=True)
class Draft:
    """What the editor decides. Rates are fractions."""

    name: str
    channel: str
    segment: Segment
    subject: str
    body: str
    rate: Decimal | None
    shop_ads_rate: Decimal | None
    ends_on: date | None
    has_free_sample: bool
    contact_email: str
    quiet_days: int


@dataclass(frozen=True)
class FollowUp:
    """A further message, so many days after the one before."""

    wait_days: int
    body: str


def save_outreach(
    outreach: Outreach | None,
    draft: Draft,
    products: list[Product],
    follow_ups: Sequence[FollowUp] = (),
    *,
    by: Actor,
    now: datetime,
) -> Outreach:
    """Write a new outreach, or change a draft. Raises Refusal when it was started, or when
    another one has the name."""
    values = {one.name: getattr(draft, one.name) for one in fields(draft)}
    others = Outreach.objects.exclude(pk=outreach.pk if outreach else 0)
    if others.filter(name=draft.name).exists():
        raise Refusal("name_taken", "Another outreach has this name.", field="name")
    if outreach is None:
        outreach = Outreach(actor=by.label, actor_id=by.user_id, created_at=now, **values)
    else:
        outreach = _locked(outreach.pk)
        for name, value in values.items():
            setattr(outreach, name, value)
    outreach.save()
    OutreachProduct.objects.filter(outreach=outreach).delete()
    OutreachProduct.objects.bulk_create(
        OutreachProduct(outreach=outreach, product=product) for product in products
    )
    Step.objects.filter(outreach=outreach).delete()
    Step.objects.bulk_create(
        Step(outreach=outreach, number=number, wait_days=one.wait_days, body=one.body)
        for number, one in enumerate(follow_ups, 1)
    )
    record("outreach.saved", outreach, by=by, now=now, data={"channel": draft.channel})
    return outreach


def start(outreach: Outreach, *, zone: str, by: Actor, now: datetime) -> Outreach:
    """Note everyone of the segment as a recipient, in one statement for any number, and let the
    workers send. `zone` is the shop's. Raises Refusal with what is still missing (AB4)."""
    found = _locked(outreach.pk)
    titles = titles_of(found)
    if sentence := why_text_not_ready(found, titles):
        raise Refusal("unresolved", sentence, field="body")
    _check_offer(found, len(titles), shop_day(now, zone))
    found.total = _add_recipients(found, members(found.segment, zone=zone, now=now))
    if not found.total:
        raise Refusal("nobody", "Nobody is in this segment at the moment.", field="segment")
    found.state, found.started_at = Outreach.State.RUNNING.value, now
    found.save(update_fields=["state", "started_at", "total"])
    data = {"recipients": found.total, "channel": found.channel}
    record("outreach.started", found, by=by, now=now, data=data)
    return found


def delete_draft(outreach: Outreach, *, by: Actor, now: datetime) -> None:
    """Throw a draft away. Raises Refusal when it was started."""
    found = _locked(outreach.pk)
    record("outreach.deleted", found, by=by, now=now)
    found.delete()


def _locked(pk: int) -> Outreach:
    rows = Outreach.objects.select_for_update(of=("self",)).select_related("segment")
    found = rows.get(pk=pk)
    if not found.is_draft:
        raise Refusal("started", "It was started already. Copy it to send something else.")
    return found


def _check_offer(outreach: Outreach, products: int, today: date) -> None:
    offer = Offer(
        channel=outreach.channel,
        products=products,
        rate=outreach.rate,
        ends_on=outreach.ends_on,
        contact_email=outreach.contact_email,
        subject=outreach.subject,
        today=today,
    )
    field, sentence = why_not_offered(offer)
    if sentence:
        raise Refusal("incomplete", sentence, field=field)


def _add_recipients(outreach: Outreach, creators: QuerySet[Creator]) -> int:
    sql, values = creators.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            _RECIPIENTS.replace("{members}", sql), [current_client_id(), outreach.pk, *values]
        )
        return cursor.rowcount
