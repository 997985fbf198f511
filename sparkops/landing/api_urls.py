"""Connections in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.landing import api

urlpatterns = [
    path("connections/", api.CONNECTIONS, name="api-connections"),
    path("connections/read-again/", api.READ_AGAIN, name="api-read-again"),
]
