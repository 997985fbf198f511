"""The best creators by value, and who is like them."""

from typing import Any

from django.http import HttpResponse

from sparkops import clock
from sparkops.outreach.forms import Days
from sparkops.outreach.queries.lookalikes import alike, best_creators, model_of_best
from sparkops.outreach.rules.lookalikes import FEWEST_BEST
from sparkops.tenants.gate import ClientRequest, client_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

DAYS = 90


@client_view(Permission.VIEW)
def look_alikes(request: ClientRequest) -> HttpResponse:
    """Candidates with their reasons, beside the creators they are held against."""
    now = clock.now()
    form = Days(request.GET)
    asked = form.asked(now=now, days=DAYS)
    context: dict[str, Any] = {
        "now": now,
        "form": form,
        "asked": asked,
        "fewest": FEWEST_BEST,
        "may_edit": request.member.may(Permission.CREATOR_EDIT),
    }
    if asked is not None:
        best = best_creators(asked)
        model = model_of_best(best, asked.shop)
        context |= {
            "best": best,
            "model": model,
            "rows": alike(model, best, asked.shop) if model else [],
        }
    status = 422 if form.errors else 200
    return pages.render(request, "outreach/look_alikes.html", context, status=status)
