"""The pages of the guided set-up: each step is a form of its own action, beside the pane (U8)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from authorizations.actions.terms_versions import create_template, publish
from authorizations.forms import TermsVersionForm
from authorizations.rules.wording import LANGUAGES
from sparkops import clock
from sparkops.connections.models import Connection
from sparkops.errors import Refusal
from sparkops.home.brand_views import brand_form, save_brand
from sparkops.home.guide.draft import (
    Draft,
    kept_draft,
    pane,
    posts_to_ask,
    typed_terms,
    with_brand,
)
from sparkops.home.guide.forms import FirstRequestForm
from sparkops.home.guide.steps import (
    address_of,
    guide_steps,
    step_after,
    step_before,
    where_to_go_on,
)
from sparkops.renewals.actions.messages import CadenceChange, change_cadence, save_message
from sparkops.renewals.actions.rights import request_rights
from sparkops.renewals.forms import CadenceForm, MessageForm, initial_of
from sparkops.renewals.models import Run
from sparkops.renewals.queries.messages import Offer, cadence_of_client, words_of
from sparkops.renewals.queries.own_page import newest_terms
from sparkops.renewals.rules.messages import VARIABLES
from sparkops.renewals.rules.texts import Kind, Words
from sparkops.renewals.tasks import send_commands, work_run
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

FIRST_TERMS = "Standard"


@client_view(Permission.VIEW)
def start(request: ClientRequest) -> HttpResponse:
    """Begin, or go on where the client stands."""
    key = where_to_go_on(
        [one for one in guide_steps(request.client) if request.member.may(one.permission)]
    )
    return pages.redirect(request, f"home:guide-{key}", client=request.client.slug)


@client_view(Permission.CONNECT)
def connect(request: ClientRequest) -> HttpResponse:
    """Which TikTok accounts are connected, and connecting another."""
    rows = Connection.objects.exclude(state=Connection.State.REVOKED).order_by("kind", "pk")
    kinds = [
        (kind, label, [one for one in rows if one.kind == kind])
        for kind, label in Connection.Kind.choices
    ]
    return _page(request, "connect", more={"kinds": kinds, "is_demo": settings.DEMO})


@client_view(Permission.CONNECT)
def brand(request: ClientRequest) -> HttpResponse:
    """Name, colour and logo of the creator's page."""
    form = brand_form(request)
    if request.method == "POST" and form.is_valid() and save_brand(request, form):
        return _go_on(request, "brand")
    return _page(request, "brand", form)


@client_view(Permission.AUTHORIZATION_EDIT)
def terms(request: ClientRequest) -> HttpResponse:
    """What creators agree to: the first version, or the next of the newest terms."""
    form = _terms_form(request)
    if request.method == "POST" and form.is_valid() and _save_terms(request, form):
        return _go_on(request, "terms")
    return _page(request, "terms", form)


@client_view(Permission.AUTHORIZATION_EDIT)
def message(request: ClientRequest) -> HttpResponse:
    """What the first message says."""
    form = _message_form(request)
    if request.method == "POST" and form.is_valid():
        language = cadence_of_client().language
        save_message(Kind.REQUEST, language, form.words, by=request.actor, now=clock.now())
        return _go_on(request, "message")
    return _page(request, "message", form, more={"variables": VARIABLES.items()})


@client_view(Permission.CONNECT)
def reminders(request: ClientRequest) -> HttpResponse:
    """When creators are asked for renewals, and who is told when they do not answer."""
    form = _cadence_form(request)
    if request.method == "POST" and form.is_valid():
        change = CadenceChange(**form.cleaned_data, currency=request.client.currency)
        change_cadence(change, by=request.actor, now=clock.now())
        return _go_on(request, "reminders")
    return _page(request, "reminders", form)


@client_view(Permission.AUTHORIZATION_EDIT)
def first_request(request: ClientRequest) -> HttpResponse:
    """The posts whose creators are asked first."""
    form = _request_form(request)
    if request.method == "POST" and form.is_valid() and _ask(request, form):
        return _go_on(request, "request")
    return _page(request, "request", form, more={"has_posts": bool(form.fields["posts"].initial)})


@client_view(Permission.VIEW)
def done(request: ClientRequest) -> HttpResponse:
    """What is set up, what goes without, and what became of the first request."""
    run = Run.objects.order_by("-created_at", "-pk").first()
    return _page(request, "done", more={"run": run})


@client_view(Permission.AUTHORIZATION_EDIT)
@require_POST
def preview(request: ClientRequest, step: str) -> HttpResponse:
    """The pane as it would be with what is being typed; nothing is kept."""
    if step not in _TYPED:
        raise Http404("This step has nothing to preview.")
    form, change = _TYPED[step]
    filled = form(request)
    draft = kept_draft(request.client)
    problems = _problems(filled)
    # A body without a field binds no form: nothing was typed yet.
    if filled.is_bound and not problems:
        try:
            draft = change(draft, filled.cleaned_data)
        except Refusal as refusal:
            problems = [refusal.sentence]
    context = {"problems": problems} if problems else _pane(request, step, draft)
    return pages.render(request, "home/guide/pane.html", context)


def _problems(form: forms.Form) -> list[str]:
    found = form.errors.items()
    return [f"{form[name].label if name in form.fields else ''}: {one}".removeprefix(": ")
            for name, errors in found for one in errors]  # fmt: skip


def _page(
    request: ClientRequest,
    key: str,
    form: forms.Form | None = None,
    *,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A step with all of them above it and the pane beside it."""
    steps, slug, now = guide_steps(request.client), request.client.slug, clock.now()
    context = {
        **(more or {}),
        **_pane(request, key, kept_draft(request.client)),
        "key": key,
        "form": form,
        "now": now,
        "language": cadence_of_client().language,
        "steps": [(one, request.member.may(one.permission)) for one in steps],
        "here": next((one for one in steps if one.key == key), None),
        "left": [one for one in steps if not one.done],
        "before": address_of(step_before(key), slug),
        "after": address_of(step_after(key), slug),
        "languages": LANGUAGES,
    }
    status = 422 if form is not None and form.errors else 200
    return pages.render(request, f"home/guide/{key}.html", context, status=status)


def _pane(request: ClientRequest, key: str, draft: Draft) -> dict[str, Any]:
    language = request.POST.get("preview_language", "") or cadence_of_client().language
    shown = pane(draft, page_language=language, now=clock.now())
    return {**shown, "words_first": key in ("message", "request")}


def _go_on(request: ClientRequest, key: str) -> HttpResponse:
    return pages.redirect(request, f"home:guide-{step_after(key)}", client=request.client.slug)


def _terms_form(request: ClientRequest) -> TermsVersionForm:
    template = newest_terms()
    latest = template.latest if template else None
    if latest is not None:
        first = TermsVersionForm.values_of(latest)
        return TermsVersionForm(request.POST or None, named=False, initial=first)
    first = {"name": FIRST_TERMS, "currency": request.client.currency}
    return TermsVersionForm(request.POST or None, named=True, initial=first)


def _save_terms(request: ClientRequest, form: TermsVersionForm) -> bool:
    template, now = newest_terms(), clock.now()
    try:
        if template is None:
            create_template(**form.cleaned_data, by=request.actor, now=now)
        else:
            publish(template, **form.cleaned_data, by=request.actor, now=now)
    except Refusal as refusal:
        # Whoever changes nothing only goes on.
        if refusal.code != "unchanged":
            form.add_error(refusal.field, refusal.sentence)
            return False
    return True


def _message_form(request: ClientRequest) -> MessageForm:
    words = words_of(Kind.REQUEST, cadence_of_client().language)
    return MessageForm(request.POST or None, initial=words._asdict())


def _cadence_form(request: ClientRequest) -> CadenceForm:
    first = initial_of(cadence_of_client(), request.client)
    return CadenceForm(request.POST or None, client=request.client, initial=first)


def _request_form(request: ClientRequest) -> FirstRequestForm:
    cadence = cadence_of_client()
    first = {"days": cadence.days, "price": cadence.price}
    return FirstRequestForm(request.POST or None, offered=posts_to_ask(), initial=first)


def _ask(request: ClientRequest, form: FirstRequestForm) -> bool:
    asked = form.cleaned_data
    offer = Offer(asked["days"], asked["price"], request.client.currency)
    try:
        run = request_rights(
            list(asked["posts"]), offer, asked["language"], by=request.actor, now=clock.now()
        )
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return False
    work_run.delay_on_commit(client_id=request.client.pk, run_id=run.pk)
    send_commands.delay_on_commit(client_id=request.client.pk)
    return True


def _in_brand(draft: Draft, typed: Mapping[str, Any]) -> Draft:
    logo = typed["logo"].read() if typed["logo"] else None
    return with_brand(draft, typed["name"], typed["accent"], logo, bool(typed.get("drop_logo")))


def _on_terms(draft: Draft, typed: Mapping[str, Any]) -> Draft:
    return replace(draft, version=typed_terms(typed), is_proposed=False)


def _in_words(draft: Draft, typed: Mapping[str, Any]) -> Draft:
    words = Words(typed["subject"], typed["body"])
    return replace(draft, words=words, language=cadence_of_client().language)


def _reminded(draft: Draft, typed: Mapping[str, Any]) -> Draft:
    offer = Offer(typed["days"], typed["price"], draft.client.currency)
    return replace(draft, reminder_days=typed["reminder_days"], offer=offer)


def _asked(draft: Draft, typed: Mapping[str, Any]) -> Draft:
    offer = Offer(typed["days"], typed["price"], draft.client.currency)
    posts = list(typed["posts"])
    return replace(draft, posts=posts, offer=offer, language=typed["language"])


_TYPED: dict[str, tuple[Any, Any]] = {
    "brand": (brand_form, _in_brand),
    "terms": (_terms_form, _on_terms),
    "message": (_message_form, _in_words),
    "reminders": (_cadence_form, _reminded),
    "request": (_request_form, _asked),
}
"""Of each step its form, and what its cleaned values change in the draft."""
