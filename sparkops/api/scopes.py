"""What a key may be given: the permissions of people that an endpoint asks for."""

from sparkops.tenants.permissions import Permission

SCOPES = (
    Permission.VIEW,
    Permission.CONTACT_VIEW,
    Permission.CREATOR_EDIT,
    Permission.AUTHORIZATION_EDIT,
    Permission.CAMPAIGN_LAUNCH,
    Permission.COST_EDIT,
    Permission.CONNECT,
)
