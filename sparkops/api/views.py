"""The page of keys in an organization's settings, and what tells programmers about the API."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from drf_spectacular.renderers import OpenApiYamlRenderer

from sparkops import clock
from sparkops.api import keys
from sparkops.api import reference as written
from sparkops.api.forms import GRACES, KeyForm, RotateForm
from sparkops.api.models import ApiKey
from sparkops.api.operations import MOST
from sparkops.api.problems import MEDIA_TYPE, NOT_FOUND, Told
from sparkops.api.scopes import SCOPES
from sparkops.errors import Refusal
from sparkops.tenants.gate import organization_view, public_view
from sparkops.tenants.permissions import Permission
from sparkops.web import pages

SHOWN_REVOKED = 20


@organization_view(Permission.API_KEYS)
def api_keys(request: HttpRequest) -> HttpResponse:
    """Every key with what it may do and when it was last used; a form for a new one."""
    form = KeyForm(request.POST or None, clients=request.portfolio)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        now, values = clock.now(), form.cleaned_data
        days = values["days"]
        try:
            made = keys.create_key(
                request.organization,  # type: ignore[attr-defined]
                values["name"],
                client=values["client"],
                scopes=values["scopes"],
                expires_at=now + timedelta(days=int(days)) if days else None,
                by=request.actor,  # type: ignore[attr-defined]
                now=now,
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return _page(request, KeyForm(clients=request.portfolio), made=made)  # type: ignore[attr-defined]
    return _page(request, form, status=422 if form.errors else 200)


@organization_view(Permission.API_KEYS)
@require_POST
def rotate(request: HttpRequest, key: int) -> HttpResponse:
    """A new secret for a key, shown once."""
    form = RotateForm(request.POST)
    if not form.is_valid():
        raise Refusal("unknown_grace", "Choose how long the old secret goes on working.")
    made = keys.rotate_key(
        _key(request, key),
        grace=timedelta(hours=form.cleaned_data["grace"]),
        by=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    return _page(request, KeyForm(clients=request.portfolio), made=made)  # type: ignore[attr-defined]


@organization_view(Permission.API_KEYS)
@require_POST
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """Make a key worthless."""
    found = _key(request, key)
    keys.revoke_key(found, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, f"{found} no longer works.")
    organization = request.organization  # type: ignore[attr-defined]
    return pages.redirect(request, "api-keys", organization=organization.slug)


@public_view("says where the schema and the reference are; reads no rows")
@require_GET
def entrance(request: HttpRequest) -> HttpResponse:
    """Where to go from the address of the API itself."""
    return pages.redirect(request, "api-reference")


@public_view("describes addresses and shapes; the schema names no client")
@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as JSON, or as YAML with `?format=yaml`."""
    if request.GET.get("format") == "yaml":
        text = OpenApiYamlRenderer().render(written.schema())
        return HttpResponse(text, content_type="application/yaml; charset=utf-8")
    return JsonResponse(written.schema(), json_dumps_params={"ensure_ascii": False})


@public_view("the schema for people; it names no client")
@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation with its fields and examples."""
    context = {
        "chapters": written.chapters(),
        "problems": written.problems(),
        "scopes": [(one.value, one.label) for one in SCOPES],
        "most": MOST,
    }
    return pages.render(request, "api/reference.html", context)


@public_view("says only that an address does not exist")
@csrf_exempt
def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address of the API that does not exist, told like every other problem."""
    told = Told(404, "not_found", NOT_FOUND)
    return JsonResponse(told.content, status=404, content_type=MEDIA_TYPE)


def _key(request: HttpRequest, pk: int) -> ApiKey:
    return get_object_or_404(ApiKey, pk=pk, organization=request.organization)  # type: ignore[attr-defined]


def _page(
    request: HttpRequest,
    form: KeyForm,
    *,
    made: keys.NewSecret | None = None,
    status: int = 200,
) -> HttpResponse:
    now, organization = clock.now(), request.organization  # type: ignore[attr-defined]
    labels = {one.value: one.label for one in SCOPES}
    working = keys.working_keys(organization, now).select_related("client")
    context = {
        "now": now,
        "form": form,
        "made": made,
        "rows": [(key, [labels.get(word, word) for word in key.scopes]) for key in working],
        "over": organization.api_keys.exclude(pk__in=working.values("pk"))[:SHOWN_REVOKED],
        "graces": GRACES,
    }
    response = pages.render(request, "api/keys.html", context, status=status)
    if made is not None:
        response.headers["Cache-Control"] = "no-store"
    return response
