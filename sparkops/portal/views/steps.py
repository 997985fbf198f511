"""What the creator does: agree, hand in the code, ask to stop."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from authorizations.actions.acceptance import accept_terms
from authorizations.actions.links import ask_to_stop, choose_language, hand_in_through
from sparkops.errors import Refusal
from sparkops.portal.door import Guest, guest_view
from sparkops.portal.queries import agreement_of
from sparkops.portal.views.page import show
from sparkops.web.limits import within

HOUR = 3600
CODES_AN_HOUR = 20
LONGEST_NAME = 160
LONGEST_PASTE = 10_000
LONGEST_REASON = 1_000


@guest_view
@require_POST
def agree(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Accept the terms as they were shown."""
    words = guest.words
    name = " ".join(request.POST.get("name", "").split())[:LONGEST_NAME]
    problems = {}
    if not name:
        problems["name"] = words["sign_name_missing"]
    if not request.POST.get("agree"):
        problems["agree"] = words["sign_tick_missing"]
    if problems:
        return show(request, guest, problems=problems, entered={"name": name})
    agreed = agreement_of(guest.link, guest.client, guest.now)
    renewing = bool(request.POST.get("renew")) and agreed.may_renew and not agreed.open
    if not agreed.open and not renewing:
        return HttpResponseRedirect(guest.url())
    try:
        accept_terms(
            agreed.version,
            creator=guest.link.creator,
            post=guest.link.post,
            client_name=guest.client.name,
            language=words.language,
            first=agreed.first_day(renewing=renewing),
            shown=request.POST.get("shown", ""),
            signed_name=name,
            address=guest.address,
            user_agent=request.headers.get("User-Agent", ""),
            by=guest.actor,
            now=guest.now,
        )
    except Refusal:
        return show(
            request, guest, problems={"agree": words["sign_changed"]}, entered={"name": name}
        )
    choose_language(guest.link, words.language)
    return HttpResponseRedirect(guest.url(**({"new": "1"} if renewing else {})))


@guest_view
@require_POST
def code(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take the code that was pasted; what is wrong with the paste is said at once."""
    pasted = request.POST.get("code", "")[:LONGEST_PASTE]
    if agreement_of(guest.link, guest.client, guest.now).open:
        return HttpResponseRedirect(guest.url())
    if not within(CODES_AN_HOUR, f"codes:{guest.link.pk}", HOUR):
        problem = guest.words["paste_too_often"]
        return show(request, guest, problems={"code": problem})
    try:
        hand_in_through(guest.link, pasted, by=guest.actor, now=guest.now)
    except Refusal as refusal:
        key = f"paste_{refusal.code}"
        known = key if key in guest.words.texts else "paste_no_code"
        # The paste itself is not sent back: it may hold most of a code.
        return show(request, guest, problems={"code": guest.words[known]})
    return HttpResponseRedirect(guest.url())


@guest_view
@require_POST
def stop(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Tell the client's people that the ads should stop."""
    ask_to_stop(
        guest.link,
        why=request.POST.get("why", "").strip()[:LONGEST_REASON],
        client=guest.client,
        by=guest.actor,
        now=guest.now,
    )
    return HttpResponseRedirect(guest.url())
