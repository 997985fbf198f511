"""Requests and renewals, below `/c/<client>/renewals/`."""

from django.urls import path

from sparkops.renewals.views import ahead, at_risk, messages, rights, runs

app_name = "renewals"

urlpatterns = [
    path("", at_risk.at_risk, name="at-risk"),
    path("calendar/", at_risk.month, name="calendar"),
    path("next-30-days/", ahead.ahead, name="next-30-days"),
    path("runs/", runs.runs, name="runs"),
    path("ask/", runs.ask, name="ask"),
    path("rights/", rights.request_rights_for, name="request-rights"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/retry/", runs.retry, name="retry"),
    path("asks/<int:pk>/sent/", runs.sent_by_hand, name="sent-by-hand"),
    path("of/<int:pk>/", messages.of_permission, name="of-permission"),
    path("messages/", messages.saved, name="messages"),
    path("messages/<slug:kind>/<slug:language>/", messages.edit, name="message"),
    path("messages/<slug:kind>/<slug:language>/preview/", messages.preview, name="preview"),
    path("messages/<slug:kind>/<slug:language>/shipped/", messages.forget, name="forget"),
    path("settings/", messages.settings, name="settings"),
]
