"""The public page of a client on which creators ask to be let in.

It reads nothing but its own words, and answers the same whether or not a creator is known, so
nobody learns from it who works with whom.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt

from creators.actions.applications import apply as keep
from creators.forms import ApplyForm
from creators.queries.applications import application_page
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.portal.door import within
from sparkops.tenants.gate import public_view
from sparkops.tenants.models import Client
from sparkops.web.requests import address_of

HOUR, DAY = 3_600, 86_400
FROM_ONE_ADDRESS, FOR_ONE_CLIENT = 10, 500
"""Applications that are taken an hour from one address, and a day for one client."""
TOO_OFTEN = "Too many applications at the moment. Please try again later."


# No session stands behind this form, so there is nothing that a stranger's page could misuse;
# browsers inside apps often refuse the cookie that a token would need.
@public_view("creators apply without an account; closed pages answer 404")
@csrf_exempt
def apply(request: HttpRequest, client: str) -> HttpResponse:
    """The form, and the thanks."""
    found = Client.objects.filter(slug=client, archived_at=None).first()
    if found is None:
        raise Http404("There is no such page.")
    with client_scope(found.pk):
        page = application_page()
        if not page.is_open:
            raise Http404("There is no such page.")
        form = ApplyForm(request.POST or None)
        done, status = False, 200
        if request.method == "POST":
            done, status = _take(request, form, found)
        context = {"client": found, "page": page, "form": form, "done": done}
        html = render_to_string("portal/apply.html", context)
    response = HttpResponse(html, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _take(request: HttpRequest, form: ApplyForm, client: Client) -> tuple[bool, int]:
    """Whether thanks are due, and the status."""
    if not form.is_valid():
        return False, 422
    if form.cleaned_data["website"]:
        return True, 200  # a program filled in what people do not see
    allowed = within(FROM_ONE_ADDRESS, f"apply:{address_of(request)}", HOUR) and within(
        FOR_ONE_CLIENT, f"apply-to:{client.pk}", DAY
    )
    if not allowed:
        form.add_error(None, TOO_OFTEN)
        return False, 429
    values = {name: form.cleaned_data[name] for name in ("handle", "email", "message")}
    try:
        keep(**values, now=clock.now())
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return False, 422
    return True, 200
