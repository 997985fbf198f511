"""What a key may be given: the permissions of people that an endpoint asks for."""

from sparkops.tenants.permissions import Permission

SCOPES = (
    Permission.VIEW,
    Permission.COMMENT,
    Permission.CONTACT_VIEW,
    Permission.CREATOR_EDIT,
    Permission.AUTHORIZATION_EDIT,
    Permission.CAMPAIGN_LAUNCH,
    Permission.PLAN_APPROVE,
    Permission.COST_EDIT,
    Permission.MONTH_REOPEN,
    Permission.IMPORT,
    Permission.EXPORT,
    Permission.CONNECT,
    Permission.WEBHOOKS,
)
