"""What a member may do, by role. State rules ("this can no longer be extended") are not here."""

from django.db import models


class Permission(models.TextChoices):
    """One thing a member may or may not do within a client."""

    VIEW = "view", "See the five answers, lists and details"
    REPORT = "report", "Read the client's reports"
    COMMENT = "comment", "Comment, take and give tasks"
    CREATOR_EDIT = "creator.edit", "Edit creators and posts"
    CONTACT_VIEW = "contact.view", "See creators' contact data"
    AUTHORIZATION_EDIT = "authorization.edit", "Hand in codes, request and renew authorizations"
    CODE_REVEAL = "code.reveal", "Reveal a Spark code"
    CAMPAIGN_LAUNCH = "campaign.launch", "Plan, launch and pause campaigns"
    CAMPAIGN_OVERRIDE = "campaign.override", "Launch against the gate, with a reason"
    PLAN_APPROVE = "plan.approve", "Approve plans and send them to the client"
    COST_EDIT = "cost.edit", "Edit costs, fees and exchange rates"
    MONTH_REOPEN = "month.reopen", "Reopen a closed month, with a reason"
    IMPORT = "import", "Import spreadsheets"
    EXPORT = "export", "Export tables"
    CONNECT = "connect", "Connect and disconnect TikTok accounts"
    TEAM = "team", "Invite people and change roles"
    API_KEYS = "api.keys", "Create and revoke API keys"
    WEBHOOKS = "webhooks", "Set up webhooks"
    AUDIT = "audit", "Read the audit log"


class Role(models.TextChoices):
    """What a person is for a client."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Account manager"
    MEDIA = "media", "Media buyer"
    AFFILIATE = "affiliate", "Affiliate manager"
    FINANCE = "finance", "Finance"
    VIEWER = "viewer", "Viewer"
    CLIENT = "client", "Client viewer"


_P = Permission
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: frozenset(Permission) - {_P.TEAM, _P.API_KEYS, _P.WEBHOOKS},
    Role.MEDIA: frozenset(
        {
            _P.VIEW,
            _P.REPORT,
            _P.COMMENT,
            _P.AUTHORIZATION_EDIT,
            _P.CODE_REVEAL,
            _P.CAMPAIGN_LAUNCH,
            _P.IMPORT,
            _P.EXPORT,
        }
    ),
    Role.AFFILIATE: frozenset(
        {
            _P.VIEW,
            _P.REPORT,
            _P.COMMENT,
            _P.CREATOR_EDIT,
            _P.CONTACT_VIEW,
            _P.AUTHORIZATION_EDIT,
            _P.CODE_REVEAL,
            _P.IMPORT,
            _P.EXPORT,
        }
    ),
    Role.FINANCE: frozenset(
        {_P.VIEW, _P.REPORT, _P.COMMENT, _P.COST_EDIT, _P.IMPORT, _P.EXPORT, _P.AUDIT}
    ),
    Role.VIEWER: frozenset({_P.VIEW, _P.REPORT}),
    # Somebody of the brand itself: nothing of how the agency works.
    Role.CLIENT: frozenset({_P.REPORT}),
}


def role_may(role: str, permission: Permission) -> bool:
    """Whether a role holds a permission; unknown roles hold none."""
    return permission in ROLE_PERMISSIONS.get(role, frozenset())
