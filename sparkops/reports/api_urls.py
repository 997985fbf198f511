"""Reports in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.reports import api

urlpatterns = [
    path("reports/", api.REPORTS, name="api-reports"),
    path("reports/<int:pk>/", api.REPORT, name="api-report"),
    path("reports/<int:pk>/send/", api.SEND, name="api-report-send"),
    path("report-links/", api.LINKS, name="api-report-links"),
    path("report-links/<int:pk>/withdraw/", api.WITHDRAW, name="api-report-link-withdraw"),
    path("report-settings/", api.WANTED, name="api-report-settings"),
]
