"""What the creator sees: terms, then the code, then everything that runs."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from authorizations.actions.copies import own_copy
from authorizations.actions.links import note_opened
from authorizations.models import TermsAcceptance
from authorizations.rules.handed_in import Verdict
from authorizations.rules.terms_text import money_text
from authorizations.rules.wording import LANGUAGES
from sparkops.portal.door import Guest, guest_view
from sparkops.portal.queries import Account, Agreement, account_of, agreement_of, code_of

AD_PERIODS = (7, 30, 60, 365)
"""The periods that TikTok's app offers (domain 2.3)."""


@guest_view
@require_GET
def page(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The step that is due, or the whole account."""
    note_opened(guest.link, by=guest.actor, now=guest.now)
    return show(request, guest)


@guest_view
@require_GET
def check(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The piece that is polled while TikTok is asked; the whole page once there is an answer."""
    standing = code_of(guest.link, guest.now)
    context = {**_frame(guest), "told": standing.told, "ends_at": standing.ends_at}
    response = HttpResponse(render_to_string("portal/checked.html", context, request))
    if standing.told is None or standing.told.verdict is not Verdict.ASKING:
        response.headers["HX-Redirect"] = guest.url()
    return response


@guest_view
@require_GET
def copy(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The creator's own copy, which travels with the link."""
    accepted = agreement_of(guest.link, guest.client, guest.now).accepted
    if accepted is None:
        raise Http404
    return HttpResponse(
        own_copy(accepted),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="terms.pdf"'},
    )


def show(
    request: HttpRequest,
    guest: Guest,
    *,
    problems: dict[str, str] | None = None,
    entered: dict[str, str] | None = None,
) -> HttpResponse:
    """The page as it stands now. `problems` maps a field to what is wrong with what was entered."""
    agreed = agreement_of(guest.link, guest.client, guest.now)
    asked_to_renew = "renew" in request.GET or "renew" in request.POST
    renewing = asked_to_renew and agreed.may_renew and not agreed.open
    if agreed.open or renewing:
        template, context = "portal/terms.html", terms_page(guest, agreed, renewing=renewing)
    else:
        template, context = _code_or_account(guest, agreed, "new" in request.GET)
    said = {"problems": problems or {}, "entered": entered or {}}
    content = render_to_string(template, {**context, **said}, request)
    return HttpResponse(content, status=422 if problems else 200)


def _frame(guest: Guest) -> dict[str, Any]:
    return {
        "guest": guest,
        "words": guest.words,
        "post": guest.link.post,
        "languages": LANGUAGES,
        "here": guest.url(),
    }


def terms_page(guest: Guest, agreed: Agreement, *, renewing: bool) -> dict[str, Any]:
    """The page that asks to accept the terms, for the first time, again or for longer."""
    text, window = agreed.version.text_for(
        guest.link.creator,
        guest.link.post,
        client_name=guest.client.name,
        language=guest.words.language,
        first=agreed.first_day(renewing=renewing),
    )
    asked_again = agreed.accepted is not None and agreed.accepted.version_id != agreed.version.pk
    return {
        **_frame(guest),
        "agreed": agreed,
        "renewing": renewing,
        "text": text,
        "window": window,
        "asked_again": asked_again,
        "action": guest.url("agree"),
    }


def _code_or_account(
    guest: Guest, agreed: Agreement, wants_new: bool
) -> tuple[str, dict[str, Any]]:
    accepted = agreed.accepted
    assert accepted is not None
    standing = code_of(guest.link, guest.now)
    common = {
        **_frame(guest),
        "agreed": agreed,
        "renewing": False,
        "told": standing.told,
        "ends_at": standing.ends_at,
        "accepted": accepted,
        "days": next((one for one in AD_PERIODS if one >= agreed.version.days), AD_PERIODS[-1]),
        "action": guest.url("code"),
        "check_url": guest.url("check"),
        "copy_url": guest.url("copy"),
    }
    if standing.usable is None or wants_new:
        return "portal/code.html", common
    account = account_of(guest.link, accepted, guest.now)
    return "portal/account.html", {**common, **_account(guest, agreed, accepted, account)}


def _account(
    guest: Guest, agreed: Agreement, accepted: TermsAcceptance, account: Account
) -> dict[str, Any]:
    version = accepted.version
    spent = account.spent or {version.currency: Decimal(0)}
    return {
        "account": account,
        "spent": ", ".join(money_text(total, currency) for currency, total in spent.items()),
        "cap": None
        if version.spend_cap is None
        else money_text(version.spend_cap, version.currency),
        "fees": [(one, money_text(one.amount, one.currency)) for one in account.fees],
        "agreed_fee": None if version.fee is None else money_text(version.fee, version.currency),
        "may_renew": agreed.may_renew,
        "renew_url": guest.url(renew="1"),
        "new_url": guest.url(new="1"),
        "stop_url": guest.url("stop"),
    }
