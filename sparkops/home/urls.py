"""Pages across the apps, below `/c/<client>/`."""

from django.urls import path

from sparkops.home import views

app_name = "home"

urlpatterns = [
    path("", views.today, name="today"),
    path("settings/", views.settings, name="settings"),
]
