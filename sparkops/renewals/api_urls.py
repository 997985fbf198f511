"""Requests to creators in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.renewals import api

urlpatterns = [
    path("requests/", api.RUNS, name="api-requests"),
    path("requests/<int:pk>/", api.RUN, name="api-request"),
    path("requests/<int:pk>/retry/", api.RETRY, name="api-retry-request"),
    path("request-messages/", api.ASKS, name="api-request-messages"),
    path("request-messages/<int:pk>/sent/", api.SENT, name="api-message-sent"),
]
