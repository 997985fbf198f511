"""Posts that a person has to decide on, and the words by which products are recognized (CT4)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from creators.actions.matching import decide, set_clues
from creators.forms.matching import CluesForm, DecideForm
from creators.models import MatchClues, PostMatch
from creators.queries.matching import to_decide
from creators.tables import matches_table
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages
from sparkops.web.keyset import capped_count, paginate


@client_view(Permission.VIEW)
def review(request: ClientRequest) -> HttpResponse:
    """Posts whose author or product is in doubt, the newest first."""
    table, rows = matches_table(request.client.slug), to_decide()
    sort = table.sort(request.GET.get("sort"))
    page = paginate(rows, sort.order, request.GET.get("cursor"))
    now = clock.now()
    context = {
        "table": table.bind(page, query=request.GET, sort=sort, now=now),
        "count": capped_count(rows),
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
    }
    return pages.render(request, "creators/review.html", context, pieces={"list": "rows"})


@client_view(Permission.CREATOR_EDIT)
def match(request: ClientRequest, pk: int) -> HttpResponse:
    """One post in doubt: what speaks for whom, and a person's word."""
    rows = PostMatch.objects.select_related("post__creator", "product")
    row = get_object_or_404(rows, pk=pk)
    form = DecideForm(request.POST or None, match=row)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            decide(
                row,
                creator=values.get("creator"),
                product=values["product"],
                by=request.actor,
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Decided. The post is off the list.")
            return pages.redirect(request, "creators:review", client=request.client.slug)
    context = {"row": row, "form": form, "is_open": row.state == PostMatch.State.REVIEW}
    status = 422 if form.errors else 200
    return pages.render(request, "creators/match.html", context, status=status)


@client_view(Permission.CREATOR_EDIT)
def clues(request: ClientRequest) -> HttpResponse:
    """The words of products: those that are set, and a form for one product."""
    form = CluesForm(request.POST or None, initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        set_clues(**form.cleaned_data, by=request.actor, now=clock.now())
        said = "The words are saved. Posts are looked at again within ten minutes."
        messages.success(request, said)
        return pages.redirect(request, "creators:clues", client=request.client.slug)
    rows = MatchClues.objects.select_related("product").order_by("product__title", "pk")
    context = {"form": form, "rows": list(rows)}
    status = 422 if form.errors else 200
    return pages.render(request, "creators/clues.html", context, status=status)


def _asked(request: ClientRequest) -> dict[str, Any]:
    """The product that the address names, with the words it has."""
    asked = request.GET.get("product", "")
    row = MatchClues.objects.filter(product=int(asked)).first() if asked.isdigit() else None
    if row is None:
        return {}
    words = {name: ", ".join(getattr(row, name)) for name in ("hashtags", "mentions", "keywords")}
    return {"product": row.product_id, **words}
