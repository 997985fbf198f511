"""Requests and renewals, below `/c/<client>/renewals/`."""

from django.urls import path

from sparkops.renewals.views import messages

app_name = "renewals"

urlpatterns = [
    path("messages/", messages.saved, name="messages"),
    path("messages/<slug:kind>/<slug:language>/", messages.edit, name="message"),
    path("messages/<slug:kind>/<slug:language>/preview/", messages.preview, name="preview"),
    path("messages/<slug:kind>/<slug:language>/shipped/", messages.forget, name="forget"),
    path("settings/", messages.settings, name="settings"),
]
