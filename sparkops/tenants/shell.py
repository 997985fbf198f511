"""What the page frame shows: navigation, the client switcher, the person."""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from sparkops.tenants.gate import memberships
from sparkops.tenants.models import Client, Membership, Organization
from sparkops.tenants.permissions import Permission
from sparkops.tenants.queries import clients_in_reach, organizations_of, role_in_all

# Key, label, page, icon, and the group it stands in.
SECTIONS = (
    ("today", "Today", "home:today", "today", ""),
    ("tasks", "Tasks", "talk:tasks", "checkc", ""),
    ("creators", "Creators", "creators:creators", "users", "Recruit"),
    ("outreach", "Outreach", "outreach:list", "send", "Recruit"),
    ("samples", "Samples", "creators:samples", "box", "Recruit"),
    ("collaborations", "Collaborations", "creators:collaborations", "link", "Recruit"),
    ("posts", "Posts", "creators:posts", "video", "Recruit"),
    ("authorizations", "Authorizations", "authorizations:list", "key", "Rights"),
    ("renewals", "Renewals", "renewals:at-risk", "refresh", "Rights"),
    ("triage", "Triage", "campaigns:triage", "target", "Paid"),
    ("campaigns", "Campaigns", "campaigns:list", "mega", "Paid"),
    ("profit", "Profit", "profit:overview", "dollar", "Money"),
    ("reports", "Reports", "reports:list", "doc", "Money"),
    ("import", "Import", "intake:imports", "upload", "Workspace"),
    ("connections", "Connections", "connections:list", "plug", "Workspace"),
    ("settings", "Settings", "home:settings", "settings", "Workspace"),
)

# The same of pages that are of the whole organization, with what each needs.
ORGANIZATION_SECTIONS = (
    ("All clients", "portfolio", "agency", "", Permission.VIEW),
    ("Spend at risk", "portfolio-at-risk", "hourglass", "", Permission.VIEW),
    ("Calendar", "portfolio-calendar", "clock", "", Permission.VIEW),
    ("Next 30 days", "portfolio-next-30-days", "today", "", Permission.VIEW),
    ("Profit", "portfolio-profit", "dollar", "", Permission.VIEW),
    ("Creators", "portfolio-creators", "users", "Lists", Permission.VIEW),
    ("Posts", "portfolio-posts", "video", "Lists", Permission.VIEW),
    ("Authorizations", "portfolio-authorizations", "key", "Lists", Permission.VIEW),
    ("Ads", "portfolio-ads", "mega", "Lists", Permission.VIEW),
    ("Team", "team", "users", "Organization", Permission.TEAM),
    ("Roles", "access", "shield", "Organization", Permission.VIEW),
    ("Audit log", "audit", "list", "Organization", Permission.AUDIT),
    ("API keys", "api-keys", "key", "Programs", Permission.API_KEYS),
    ("Webhooks", "webhooks", "send", "Programs", Permission.WEBHOOKS),
    ("Take everything along", "takeout", "export", "Data", Permission.TEAM),
    ("Deleted clients", "deletions", "trash", "Data", Permission.TEAM),
)

# Sections that need another permission than reading.
NEEDED = {"tasks": Permission.COMMENT, "reports": Permission.REPORT}

ACCOUNT_PAGES = (
    ("E-mail", "account_email"),
    ("Password", "account_change_password"),
    ("Second factor and passkeys", "mfa_index"),
    ("Sessions", "sessions"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: `nav`, `client`, `switcher`, `organization`, `member`,
    `search_url`."""
    user = getattr(request, "user", None)
    everyone = {
        "mailbox_url": reverse("mailbox") if settings.DEMO else "",
        "account_pages": ACCOUNT_PAGES,
    }
    if user is None or not user.is_authenticated:
        return everyone
    client: Client | None = getattr(request, "client", None)
    organization: Organization | None = getattr(request, "organization", None)
    member: Membership | None = getattr(request, "member", None)
    return everyone | {
        "client": client,
        "organization": organization or (client.organization if client else None),
        "member": member,
        "may_comment": client is not None and member is not None and member.may(Permission.COMMENT),
        "nav": SimpleLazyObject(lambda: _menu(request, client, organization)),
        "switcher": _Switcher(request, client),
        "account_links": _account_links(request),
        "search_url": _search_url(client),
    }


@lru_cache(maxsize=10_000)
def address(name: str, slug: str) -> str:
    """The page `name` of a client. Every page links to some thirty, and they do not change."""
    return reverse(name, kwargs={"client": slug})


def _search_url(client: Client | None) -> str:
    return reverse("home:find", kwargs={"client": client.slug}) if client else reverse("find")


def _account_links(request: HttpRequest) -> list[dict[str, str]]:
    links = [
        {"label": "Notifications", "url": reverse("notifications"), "icon": "bell"},
        {"label": "Your account", "url": reverse("account_email"), "icon": "user"},
    ]
    for organization in organizations_of(memberships(request)):
        links.append(
            {
                "label": f"All clients of {organization.name}",
                "url": reverse("portfolio", kwargs={"organization": organization.slug}),
                "icon": "agency",
            }
        )
    if settings.DEMO:
        links.append({"label": "Mailbox of the demo", "url": reverse("mailbox"), "icon": "mail"})
    return links


def _menu(
    request: HttpRequest, client: Client | None, organization: Organization | None
) -> list[dict[str, Any]]:
    if client is not None:
        return _navigation(request, client)
    organization, member = _organization_here(request, organization)
    if organization is None or member is None:
        return []
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        {
            "key": name,
            "label": label,
            "url": reverse(name, kwargs={"organization": organization.slug}),
            "icon": icon,
            "current": here == name,
            "group": group,
        }
        for label, name, icon, group, permission in ORGANIZATION_SECTIONS
        if member.may(permission)
    ]


def _organization_here(
    request: HttpRequest, organization: Organization | None
) -> tuple[Organization | None, Membership | None]:
    """The organization of the page, else that of a person who belongs to one as a whole: pages of
    the person themselves keep the way back."""
    if organization is not None:
        return organization, getattr(request, "member", None)
    own = organizations_of(memberships(request))
    return (own[0], role_in_all(memberships(request), own[0])) if len(own) == 1 else (None, None)


def _navigation(request: HttpRequest, client: Client) -> list[dict[str, Any]]:
    match = request.resolver_match
    here = (match.namespace, match.url_name) if match else ("", "")
    section = _section_of(here, str(match.kwargs.get("kind", "")) if match else "")
    member: Membership | None = getattr(request, "member", None)
    opening = request.desk.opening if hasattr(request, "desk") else str
    entries = []
    for key, label, name, icon, group in SECTIONS:
        if member is not None and not member.may(NEEDED.get(key, Permission.VIEW)):
            continue
        namespace, url_name = name.split(":")
        current = here == (namespace, url_name) or section == key
        entries.append(
            {
                "key": key,
                "label": label,
                "url": opening(address(name, client.slug)),
                "icon": icon,
                "current": current,
                "group": group,
            }
        )
    return entries


# Pages of one field's history belong to where the field is.
_OF_KIND = {"client": "settings", "post": "posts", "authorization": "authorizations"}


def _section_of(here: tuple[str, str | None], kind: str) -> str:
    namespace, url_name = here
    if namespace == "creators":
        if url_name in ("review", "match", "clues"):
            return "posts"
        kind = str(url_name).split("-")[0].rstrip("s")
        return f"{kind}s" if kind in ("collaboration", "post", "sample") else "creators"
    if namespace == "campaigns" and str(url_name).startswith("triage"):
        return "triage"
    if namespace == "home" and str(url_name).startswith(("creator", "revise")):
        return "creators"
    if namespace == "home" and url_name in ("history", "restore"):
        return _OF_KIND.get(kind, f"{kind}s")
    if namespace == "home" and url_name in ("audit", "brand"):
        return "settings"
    return {"home": "today", "intake": "import", "talk": "tasks"}.get(namespace, namespace)


class _Switcher:
    """The clients the person may open, read only when the switcher is drawn."""

    def __init__(self, request: HttpRequest, client: Client | None) -> None:
        self._request, self._client = request, client

    @cached_property
    def _entries(self) -> list[dict[str, Any]]:
        return [
            {
                "name": one.name,
                "initials": one.initials,
                "url": address("client-home", one.slug),
                "current": self._client is not None and one.pk == self._client.pk,
            }
            for one in clients_in_reach(memberships(self._request))
        ]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
