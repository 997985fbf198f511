"""Pages across the apps, below `/c/<client>/`."""

from django.urls import path

from sparkops.home import creator_story, views

app_name = "home"

urlpatterns = [
    path("", views.today, name="today"),
    path("gaps/<slug:key>/", views.gap, name="gap"),
    path("creators/<int:pk>/story/", creator_story.story, name="creator-story"),
    path("creators/<int:pk>/story/newest/", creator_story.newest, name="creator-newest"),
    path("settings/", views.settings, name="settings"),
]
