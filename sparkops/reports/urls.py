"""Reports, below `/c/<client>/reports/`."""

from django.urls import path

from sparkops.reports import views

app_name = "reports"

urlpatterns = [
    path("", views.reports, name="list"),
    path("make/", views.make, name="make"),
    path("settings/", views.settings, name="settings"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/report.pdf", views.pdf, name="pdf"),
    path("<int:pk>/send/", views.send, name="send"),
    path("links/<int:link>/withdraw/", views.withdraw, name="withdraw"),
]
