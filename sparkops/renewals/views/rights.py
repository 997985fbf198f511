"""Requesting rights for posts: chosen ones, or all that the list of posts matches (CT9)."""

from django.http import HttpResponse

from creators.forms import chosen_posts, kept_choice
from creators.models import Post
from sparkops import clock
from sparkops.renewals.actions.rights import TOO_MANY, request_rights
from sparkops.renewals.forms import AskForm
from sparkops.renewals.queries.asks import MOST_AT_ONCE
from sparkops.renewals.queries.messages import Offer, cadence_of_client
from sparkops.renewals.tasks import send_commands, work_run
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import people_who_may
from sparkops.web import pages

SHOWN = 5


@client_view(Permission.AUTHORIZATION_EDIT)
def request_rights_for(request: ClientRequest) -> HttpResponse:
    """The question with how many creators it means; then a run that asks them."""
    data = request.POST if request.method == "POST" else request.GET
    now, people = clock.now(), people_who_may(request.client, Permission.VIEW)
    rows = chosen_posts(data, people, zone=request.client.timezone, now=now).order_by("pk")
    posts = list(rows[: MOST_AT_ONCE + 1])
    cadence = cadence_of_client()
    form = AskForm(request.POST or None, initial={"days": cadence.days, "price": cadence.price})
    if request.method == "POST" and form.is_valid():
        offer = Offer(
            form.cleaned_data["days"], form.cleaned_data["price"], request.client.currency
        )
        return _start(request, posts, offer, form.cleaned_data["language"])
    context = {
        "form": form,
        "rows": posts[:SHOWN],
        "count": len(posts),
        "more": max(len(posts) - SHOWN, 0),
        "too_many": TOO_MANY if len(posts) > MOST_AT_ONCE else "",
        "kept": kept_choice(data),
    }
    return pages.render(
        request,
        "renewals/rights.html",
        context,
        pieces={"dialog-body": "question"},
        status=422 if form.errors else 200,
    )


def _start(request: ClientRequest, posts: list[Post], offer: Offer, language: str) -> HttpResponse:
    run = request_rights(posts, offer, language, by=request.actor, now=clock.now())
    work_run.delay_on_commit(client_id=request.client.pk, run_id=run.pk)
    send_commands.delay_on_commit(client_id=request.client.pk)
    return pages.redirect(request, "renewals:run", client=request.client.slug, pk=run.pk)
