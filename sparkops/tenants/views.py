"""The team page, and joining by invitation."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from sparkops import clock
from sparkops.accounts.adapter import AccountAdapter
from sparkops.accounts.models import User
from sparkops.errors import Refusal
from sparkops.tenants import actions
from sparkops.tenants.access import addresses
from sparkops.tenants.company import ask_for_company_account, company_provider
from sparkops.tenants.forms import InviteForm, NewClientForm, RoleForm, SupportForm
from sparkops.tenants.gate import organization_view, public_view
from sparkops.tenants.models import IdentityProvider, Invitation, Membership
from sparkops.tenants.permissions import ROLE_PERMISSIONS, Permission, Role
from sparkops.tenants.second_factor import KINDS, require_second_factor
from sparkops.web import pages


@organization_view(Permission.TEAM)
def team(request: HttpRequest) -> HttpResponse:
    """Members, open invitations, and what each role may do."""
    form = InviteForm(clients=request.portfolio)  # type: ignore[attr-defined]
    return _team_page(request, form)


@organization_view(Permission.VIEW)
def access(request: HttpRequest) -> HttpResponse:
    """Which role holds which permission, and which addresses each permission opens."""
    opened: dict[Permission, list[tuple[str, str]]] = {one: [] for one in Permission}
    for address in addresses():
        for method, permission in address.needs:
            opened[permission].append((method, address.path))
    rows = [
        {
            "permission": permission,
            "held": [permission in ROLE_PERMISSIONS[role] for role in Role],
            "opens": opened[permission],
        }
        for permission in Permission
    ]
    may_team = request.member.may(Permission.TEAM)  # type: ignore[attr-defined]
    context = {"rows": rows, "roles": Role.choices, "may_team": may_team}
    return pages.render(request, "tenants/access.html", context)


@organization_view(Permission.TEAM)
def new_client(request: HttpRequest) -> HttpResponse:
    """Add a client, then set it up."""
    form = NewClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            client = actions.create_client(
                request.organization,  # type: ignore[attr-defined]
                **form.cleaned_data,
                by=request.actor,  # type: ignore[attr-defined]
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return pages.redirect(request, "home:set-up", client=client.slug)
    status = 422 if form.errors else 200
    return pages.render(request, "tenants/new_client.html", {"form": form}, status=status)


@organization_view(Permission.TEAM)
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person by mail."""
    form = InviteForm(request.POST, clients=request.portfolio)  # type: ignore[attr-defined]
    if not form.is_valid():
        return _team_page(request, form, status=422)
    organization = request.organization  # type: ignore[attr-defined]
    try:
        actions.invite(
            organization,
            form.cleaned_data["email"],
            Role(form.cleaned_data["role"]),
            client=form.cleaned_data["client"],
            by=request.actor,  # type: ignore[attr-defined]
            inviter=request.user,  # type: ignore[arg-type]
            now=clock.now(),
        )
    except Refusal as refusal:
        form.add_error("email", refusal.sentence)
        return _team_page(request, form, status=422)
    messages.success(request, f"An invitation is on its way to {form.cleaned_data['email']}.")
    return pages.redirect(request, "team", organization=organization.slug)


@organization_view(Permission.TEAM)
@require_POST
def revoke(request: HttpRequest, invitation: int) -> HttpResponse:
    """Withdraw an open invitation."""
    organization = request.organization  # type: ignore[attr-defined]
    found = get_object_or_404(Invitation, pk=invitation, organization=organization)
    actions.revoke_invitation(found, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, f"The invitation of {found.email} is withdrawn.")
    return pages.redirect(request, "team", organization=organization.slug)


@organization_view(Permission.TEAM)
@require_POST
def change_role(request: HttpRequest, membership: int) -> HttpResponse:
    """Give a member another role."""
    organization = request.organization  # type: ignore[attr-defined]
    found = get_object_or_404(Membership, pk=membership, organization=organization)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Refusal("unknown_role", "Choose one of the roles in the list.")
    role = Role(form.cleaned_data["role"])
    actions.change_role(found, role, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, f"{found.user} is {role.label.lower()} now.")
    return pages.redirect(request, "team", organization=organization.slug)


@organization_view(Permission.TEAM)
@require_POST
def remove(request: HttpRequest, membership: int) -> HttpResponse:
    """Take a membership away."""
    organization = request.organization  # type: ignore[attr-defined]
    found = get_object_or_404(Membership, pk=membership, organization=organization)
    actions.remove_member(found, by=request.actor, now=clock.now())  # type: ignore[attr-defined]
    messages.success(request, f"{found.user} no longer has access.")
    return pages.redirect(request, "team", organization=organization.slug)


@organization_view(Permission.TEAM)
@require_POST
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask everyone for a second factor, or no longer."""
    organization = request.organization  # type: ignore[attr-defined]
    required = request.POST.get("required") == "yes"
    require_second_factor(
        organization,
        required,
        user=request.user,  # type: ignore[arg-type]
        by=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    told = "Nobody gets in without a second factor now." if required else "It is no longer asked."
    messages.success(request, told)
    return pages.redirect(request, "team", organization=organization.slug)


@organization_view(Permission.TEAM)
@require_POST
def give_support(request: HttpRequest) -> HttpResponse:
    """Let somebody of the support in for some hours."""
    organization = request.organization  # type: ignore[attr-defined]
    form = SupportForm(request.POST)
    if not form.is_valid():
        raise Refusal("support", "Write an address and choose for how long.")
    given = actions.give_support(
        organization,
        form.cleaned_data["email"],
        hours=int(form.cleaned_data["hours"]),
        by=request.actor,  # type: ignore[attr-defined]
        now=clock.now(),
    )
    messages.success(request, f"{given.user} may read everything until the access ends by itself.")
    return pages.redirect(request, "team", organization=organization.slug)


@public_view("an invitation's link is the key; it works once and only for the invited address")
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: sign in or sign up with the invited address first."""
    try:
        invitation = actions.open_invitation(secret, now=clock.now())
        if request.user.is_authenticated and request.method == "POST":
            ask_for_company_account(request, invitation)
            actions.accept_invitation(invitation, request.user, now=clock.now())
            messages.success(request, f"Welcome to {invitation.organization}.")
            return pages.redirect(request, "home")
    except Refusal as refusal:
        return pages.refused(request, refusal)
    here = reverse("join", kwargs={"secret": secret})
    known = User.objects.filter(email=invitation.email).exists()
    request.session[AccountAdapter.SIGN_UP_EMAIL] = invitation.email
    provider = company_provider(invitation)
    context = {"invitation": invitation, "here": here, "known": known, "provider": provider}
    return pages.render(request, "tenants/join.html", context)


def _team_page(request: HttpRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    organization = request.organization  # type: ignore[attr-defined]
    members = Membership.objects.filter(organization=organization).select_related("user", "client")
    secured = Authenticator.objects.filter(type__in=KINDS).values("user_id")
    context = {
        "form": form,
        "support_form": SupportForm(auto_id="support_%s"),
        "now": clock.now(),
        "members": members.order_by("user__name", "user__email", "pk").annotate(
            secured=Q(user_id__in=secured)
        ),
        "invitations": Invitation.objects.filter(
            organization=organization, accepted_at=None, revoked_at=None, expires_at__gt=clock.now()
        ).order_by("-created_at"),
        "roles": Role.choices,
        "provider": IdentityProvider.objects.filter(organization=organization).first(),
    }
    return pages.render(request, "tenants/team.html", context, status=status)
