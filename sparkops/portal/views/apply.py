"""The public page of a client on which creators ask to be let in.

It reads nothing but its own words, and answers the same whether or not a creator is known, so
nobody learns from it who works with whom.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from authorizations.rules.wording import LANGUAGES, Sentences, chosen, sentences
from creators.actions.applications import apply as keep
from creators.forms import ApplyForm
from creators.queries.applications import application_page
from sparkops import clock
from sparkops.errors import Refusal
from sparkops.isolation.scope import client_scope
from sparkops.portal.door import within
from sparkops.tenants.gate import public_view
from sparkops.tenants.models import Client
from sparkops.web.forms import present
from sparkops.web.requests import address_of

FIELDS = ("handle", "email", "message")
HOUR, DAY = 3_600, 86_400
FROM_ONE_ADDRESS, FOR_ONE_CLIENT = 10, 500
"""Applications that are taken an hour from one address, and a day for one client."""


# No session stands behind this form, so there is nothing that a stranger's page could misuse;
# browsers inside apps often refuse the cookie that a token would need.
@public_view("creators apply without an account; closed pages answer 404")
@csrf_exempt
def apply(request: HttpRequest, client: str) -> HttpResponse:
    """The form, and the thanks."""
    found = Client.objects.filter(slug=client, archived_at=None).first()
    if found is None:
        raise Http404("There is no such page.")
    wanted = request.GET.get("lang", "")
    words = sentences(chosen(wanted, request.headers.get("Accept-Language", "")))
    with client_scope(found.pk), translation.override(words.language):
        page = application_page()
        if not page.is_open:
            raise Http404("There is no such page.")
        form = _form(request, words)
        done, status = False, 200
        if request.method == "POST":
            done, status = _take(request, form, found, words)
        context = {
            "client": found, "page": page, "form": form, "done": done, "words": words,
            "said": _said(words, found), "languages": LANGUAGES,
            "fields": [present(form[name]) for name in FIELDS],
        }  # fmt: skip
        html = render_to_string("portal/apply.html", context)
    response = HttpResponse(html, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept-Language"
    return response


def _form(request: HttpRequest, words: Sentences) -> ApplyForm:
    """The form with its labels in the language that is spoken; Django says the rest in it."""
    form = ApplyForm(request.POST or None)
    for name in FIELDS:
        form.fields[name].label = words[f"apply_{name}"]
    form.fields["handle"].error_messages["required"] = words["apply_no_handle"]
    return form


def _said(words: Sentences, client: Client) -> dict[str, str]:
    """Sentences with the client's name in them."""
    keys = ("title", "note", "thanks_text")
    return {key: words.say(f"apply_{key}", client=client.shown_name) for key in keys}


def _take(
    request: HttpRequest, form: ApplyForm, client: Client, words: Sentences
) -> tuple[bool, int]:
    """Whether thanks are due, and the status."""
    if not form.is_valid():
        return False, 422
    if form.cleaned_data["website"]:
        return True, 200  # a program filled in what people do not see
    allowed = within(FROM_ONE_ADDRESS, f"apply:{address_of(request)}", HOUR) and within(
        FOR_ONE_CLIENT, f"apply-to:{client.pk}", DAY
    )
    if not allowed:
        form.add_error(None, words["apply_too_often"])
        return False, 429
    values = {name: form.cleaned_data[name] for name in FIELDS}
    try:
        keep(**values, language=words.language, now=clock.now())
    except Refusal as refusal:
        form.add_error(refusal.field, words["apply_no_handle"])
        return False, 422
    return True, 200
