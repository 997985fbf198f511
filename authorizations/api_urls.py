"""The rights ledger in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from authorizations import api
from authorizations.api import keeping

urlpatterns = [
    path("authorizations/", api.AUTHORIZATIONS, name="api-authorizations"),
    path("authorizations/hand-in/", api.HAND_IN, name="api-hand-in"),
    path("authorizations/<int:pk>/", api.AUTHORIZATION, name="api-authorization"),
    path("authorizations/<int:pk>/renew/", api.RENEW, name="api-renew"),
    path("redemptions/", api.REDEMPTIONS, name="api-redemptions"),
    path("redemptions/<int:pk>/retry/", api.RETRY, name="api-retry"),
    path("redemptions/<int:pk>/remove/", api.REMOVE, name="api-remove"),
    path("authorizations/<int:pk>/fee/", keeping.AGREE, name="api-agree-fee"),
    path("authorizations/<int:pk>/fee/paid/", keeping.PAID, name="api-pay-fee"),
    path("fees/", keeping.FEE_LIST, name="api-fees"),
    path("findings/", keeping.FINDINGS, name="api-findings"),
    path("findings/<int:pk>/settle/", keeping.SETTLE_FINDING, name="api-settle-finding"),
    path("cases/", keeping.CASES, name="api-cases"),
    path("cases/<int:pk>/settle/", keeping.SETTLE_CASE, name="api-settle-case"),
    path("terms-versions/", keeping.VERSIONS, name="api-terms-versions"),
    path("creator-links/", keeping.LINKS, name="api-creator-links"),
    path("creator-links/<int:pk>/revoke/", keeping.REVOKE_LINK, name="api-revoke-link"),
    path("usage-terms/", api.TERMS, name="api-usage-terms"),
]
