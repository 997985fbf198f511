"""The rights ledger in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from authorizations import api

urlpatterns = [
    path("authorizations/", api.AUTHORIZATIONS, name="api-authorizations"),
    path("authorizations/hand-in/", api.HAND_IN, name="api-hand-in"),
    path("authorizations/<int:pk>/", api.AUTHORIZATION, name="api-authorization"),
    path("authorizations/<int:pk>/renew/", api.RENEW, name="api-renew"),
    path("redemptions/", api.REDEMPTIONS, name="api-redemptions"),
    path("redemptions/<int:pk>/retry/", api.RETRY, name="api-retry"),
    path("redemptions/<int:pk>/remove/", api.REMOVE, name="api-remove"),
    path("usage-terms/", api.TERMS, name="api-usage-terms"),
]
