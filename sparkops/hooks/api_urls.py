"""Webhooks in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.hooks import api

urlpatterns = [
    path("webhooks/", api.ENDPOINTS, name="api-webhooks"),
    path("webhook-messages/", api.MESSAGES, name="api-webhook-messages"),
    path("webhook-messages/<int:pk>/replay/", api.AGAIN, name="api-webhook-replay"),
]
