"""What the page frame shows: navigation, the client switcher, the person."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from sparkops.tenants.models import Client
from sparkops.tenants.queries import clients_of, organizations_of

SECTIONS = (
    ("today", "Today", "home:today", "today"),
    ("creators", "Creators", "creators:creators", "users"),
    ("posts", "Posts", "creators:posts", "video"),
    ("authorizations", "Authorizations", "authorizations:list", "key"),
    ("campaigns", "Campaigns", "campaigns:list", "mega"),
    ("profit", "Profit", "profit:overview", "dollar"),
    ("import", "Import", "intake:imports", "upload"),
    ("connections", "Connections", "connections:list", "plug"),
    ("settings", "Settings", "home:settings", "settings"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: `nav`, `client`, `clients`, `organization`, `member`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    client: Client | None = getattr(request, "client", None)
    organization = getattr(request, "organization", None)
    return {
        "client": client,
        "organization": organization or (client.organization if client else None),
        "member": getattr(request, "member", None),
        "nav": _navigation(request, client) if client else [],
        "clients": _Switcher(request, client),
        "organizations": organizations_of(user),
    }


def _navigation(request: HttpRequest, client: Client) -> list[dict[str, Any]]:
    match = request.resolver_match
    here = (match.namespace, match.url_name) if match else ("", "")
    entries = []
    for key, label, name, icon in SECTIONS:
        namespace, url_name = name.split(":")
        current = here == (namespace, url_name) or _section_of(here) == key
        entries.append(
            {
                "key": key,
                "label": label,
                "url": reverse(name, kwargs={"client": client.slug}),
                "icon": icon,
                "current": current,
            }
        )
    return entries


def _section_of(here: tuple[str, str | None]) -> str:
    namespace, url_name = here
    if namespace == "creators":
        return "posts" if str(url_name).startswith("post") else "creators"
    return {"home": "today", "intake": "import"}.get(namespace, namespace)


class _Switcher:
    """The clients the person may open, read only when the switcher is drawn."""

    def __init__(self, request: HttpRequest, client: Client | None) -> None:
        self._request, self._client = request, client

    def __iter__(self) -> Any:
        for one in clients_of(self._request.user):  # type: ignore[arg-type]
            yield {
                "name": one.name,
                "initials": one.initials,
                "url": reverse("home:today", kwargs={"client": one.slug}),
                "current": self._client is not None and one.pk == self._client.pk,
            }
