"""Redeeming codes at TikTok, removing posts from ad accounts, and mailing copies of terms.

A worker may die between TikTok's answer and its record. The list of authorized posts tells what
happened, so every attempt after the first looks there before it asks again.
"""

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMessage

from authorizations.actions.codes import open_code
from authorizations.actions.copies import MAIL_COPY, note_copy, own_copy
from authorizations.actions.hand_in import ON_THE_WAY, REDEEM
from authorizations.actions.refusal import record_refusal
from authorizations.actions.removal import UNBIND, record_unbound
from authorizations.inbound.posts import apply_listed, find_listed
from authorizations.models import Redemption, TermsAcceptance
from authorizations.rules.redemption import Outcome, explained
from authorizations.rules.wording import sentences
from sparkops.audit.record import Actor
from sparkops.connections.apis import ads_api
from sparkops.isolation.scope import client_scope
from sparkops.outbox.models import Command
from sparkops.outbox.queue import Handler, OnRefusal
from sparkops.outbox.queue import Outcome as Done
from sparkops.tenants.models import Client
from sparkops.tiktok import errors
from sparkops.tiktok.ads.api import AdsApi
from sparkops.tiktok.ads.posts import AuthorizedPost
from sparkops.tiktok.ads.redemption import RedemptionOutcome


@dataclass(frozen=True)
class _Job:
    redemption_id: int
    connection_id: int
    advertiser_id: str
    code: str


def redeem(client_id: int, command: Command, now: datetime) -> Done:
    """Apply one code to one ad account and read back what it brought."""
    with client_scope(client_id):
        redemption = Redemption.objects.select_related(
            "authorization", "ad_account__connection"
        ).get(pk=command.payload["redemption"])
        if redemption.state == Redemption.State.REDEEMED:
            return Done({"result": "redeemed before"})
        if redemption.state == Redemption.State.HELD:
            return Done({"result": "held until the fee is paid"})
        job = _Job(
            redemption.pk,
            redemption.ad_account.connection_id,
            redemption.ad_account.advertiser_id,
            open_code(redemption.authorization),
        )
    with ads_api(client_id, job.connection_id) as api:
        found, refusal = _ask(api, job, is_repeat=command.attempts > 1)
    if found is not None:
        return Done({"result": "redeemed"}, lambda: _keep(job, found, now))
    assert refusal is not None
    return Done({"result": refusal.code}, lambda: _refuse(job, refusal, now))


def _ask(
    api: AdsApi, job: _Job, *, is_repeat: bool
) -> tuple[AuthorizedPost | None, Outcome | None]:
    """The listed post, or why there is none."""
    if is_repeat:
        listed = find_listed(api, job.advertiser_id, job.code)
        if listed is not None:
            return listed, None
    answer = _authorize(api, job)
    if answer.accepted:
        listed = find_listed(api, job.advertiser_id, job.code)
        if listed is None:
            # Accepted but not listed yet: TikTok lags, so the command comes back later.
            raise errors.Server(
                api="ads", sentence="TikTok took the code but does not list it yet."
            )
        return listed, None
    outcome = explained(answer.code, answer.tiktok_says)
    if answer.needs_list or outcome.look_at_list:
        listed = find_listed(api, job.advertiser_id, job.code)
        if listed is not None:
            return listed, None
    if outcome.retry:
        raise errors.Server(api="ads", sentence=outcome.sentence, message=answer.tiktok_says)
    return None, outcome


def _authorize(api: AdsApi, job: _Job) -> RedemptionOutcome:
    """TikTok's answer. One that cannot be read may hide a yes: the next try looks at the list."""
    try:
        return api.posts.authorize(job.advertiser_id, job.code)
    except errors.TikTokError as error:
        if not error.outcome_unknown or error.retryable:
            raise
        raise errors.Server(
            api="ads", sentence="TikTok's answer could not be read. What it did is looked up."
        ) from error


def unbind(client_id: int, command: Command, now: datetime) -> Done:
    """Remove a post from one ad account. Asking twice is harmless: a removed post is no refusal."""
    with client_scope(client_id):
        redemption = Redemption.objects.select_related(
            "authorization__post", "ad_account__connection"
        ).get(pk=command.payload["redemption"])
        account, post = redemption.ad_account, redemption.authorization.post
        if redemption.state == Redemption.State.UNBOUND or post is None:
            return Done({"result": "removed before"})
    with ads_api(client_id, account.connection_id) as api:
        if command.attempts == 1 or _is_listed(api, account.advertiser_id, post.item_id):
            api.posts.unbind(account.advertiser_id, post.item_id)
    return Done(
        {"result": "removed"},
        lambda: record_unbound(redemption.pk, by=command.created_by, now=now),
    )


def _is_listed(api: AdsApi, advertiser_id: str, item_id: str) -> bool:
    pages = api.posts.pages(advertiser_id, keyword=item_id)
    return any(one.item_info.item_id == item_id for page in pages for one in page.items)


def _keep(job: _Job, listed: AuthorizedPost, now: datetime) -> None:
    redemption = Redemption.objects.select_related("ad_account").get(pk=job.redemption_id)
    apply_listed([listed], redemption.ad_account, now=now)
    # When another row of the post's chain took the answer, this one is answered all the same.
    Redemption.objects.filter(pk=job.redemption_id, state__in=ON_THE_WAY).update(
        state=Redemption.State.REDEEMED, answered_at=now
    )


def _refuse(job: _Job, outcome: Outcome, now: datetime) -> None:
    redemption = Redemption.objects.select_related("authorization").get(pk=job.redemption_id)
    record_refusal(redemption, outcome, now=now)


def _given_up(command: Command, error: errors.TikTokError, now: datetime) -> None:
    """The account cannot be asked at all: say so on the redemption."""
    redemption = Redemption.objects.select_related("authorization").get(
        pk=command.payload["redemption"]
    )
    redemption.state = Redemption.State.REFUSED.value
    redemption.problem_code, redemption.problem = error.reason, error.sentence
    redemption.answered_at = now
    redemption.save()


def _not_removed(command: Command, error: errors.TikTokError, now: datetime) -> None:
    """TikTok keeps the post there: its words stand on the account's line."""
    Redemption.objects.filter(pk=command.payload["redemption"]).update(
        problem_code=error.reason, problem=f"It was not removed. {error.sentence}", answered_at=now
    )


def mail_copy(client_id: int, command: Command, now: datetime) -> Done:
    """Mail a creator the terms as accepted. A mail carries the same id in every attempt."""
    with client_scope(client_id):
        accepted = TermsAcceptance.objects.select_related("creator", "version").get(
            pk=command.payload["acceptance"]
        )
        to, words = accepted.creator.email, sentences(accepted.language)
        text = words.say("copy_mail", brand=Client.objects.get(pk=client_id).name)
        paper = own_copy(accepted)
    if not to:
        return Done({"result": "no address any more"})
    message = EmailMessage(
        subject=words["copy_title"],
        body=text,
        to=[to],
        attachments=[("terms.pdf", paper, "application/pdf")],
        headers={"Message-ID": f"<terms-{client_id}-{accepted.pk}@sparkops>"},
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise errors.Invalid(api="ads", sentence="The mail server refuses the address.") from error
    except OSError as error:
        raise errors.Server(api="ads", sentence="The mail server did not take it.") from error
    by = Actor(command.created_by)
    return Done({"result": "sent"}, lambda: note_copy(accepted.pk, by=by, now=now))


def _not_mailed(command: Command, error: errors.TikTokError, now: datetime) -> None:
    """The creator still has the copy behind the link; the log says why no mail came."""
    by = Actor(command.created_by)
    note_copy(command.payload["acceptance"], by=by, now=now, problem=error.sentence)


HANDLERS: Mapping[str, Handler] = {REDEEM: redeem, UNBIND: unbind, MAIL_COPY: mail_copy}
ON_REFUSAL: Mapping[str, OnRefusal] = {
    REDEEM: _given_up,
    UNBIND: _not_removed,
    MAIL_COPY: _not_mailed,
}
