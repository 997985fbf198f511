"""Pages across the apps, below `/c/<client>/`."""

from django.urls import path

from sparkops.home import views

app_name = "home"

urlpatterns = [
    path("", views.today, name="today"),
    path("gaps/<slug:key>/", views.gap, name="gap"),
    path("settings/", views.settings, name="settings"),
]
