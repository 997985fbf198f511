"""Requests to creators in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.renewals import api
from sparkops.renewals.api import wording

urlpatterns = [
    path("requests/", api.RUNS, name="api-requests"),
    path("requests/<int:pk>/", api.RUN, name="api-request"),
    path("requests/<int:pk>/retry/", api.RETRY, name="api-retry-request"),
    path("request-messages/", api.ASKS, name="api-request-messages"),
    path("request-messages/<int:pk>/sent/", api.SENT, name="api-message-sent"),
    path("message-texts/", wording.WORDINGS, name="api-message-texts"),
    path("message-texts/shipped/", wording.FORGET, name="api-forget-message-text"),
    path("cadence/", wording.CADENCE, name="api-cadence"),
]
