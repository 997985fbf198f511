"""Pages across the apps, below `/c/<client>/`."""

from django.urls import path

from sparkops.home import (
    audit_views,
    brand_views,
    cell_views,
    creator_story,
    find_views,
    history_views,
    revise_views,
    views,
)
from sparkops.home.guide import views as guide

app_name = "home"

urlpatterns = [
    path("", views.today, name="today"),
    path("set-up/", views.set_up, name="set-up"),
    path("set-up/guide/", guide.start, name="guide"),
    path("set-up/guide/connect/", guide.connect, name="guide-connect"),
    path("set-up/guide/brand/", guide.brand, name="guide-brand"),
    path("set-up/guide/terms/", guide.terms, name="guide-terms"),
    path("set-up/guide/message/", guide.message, name="guide-message"),
    path("set-up/guide/reminders/", guide.reminders, name="guide-reminders"),
    path("set-up/guide/request/", guide.first_request, name="guide-request"),
    path("set-up/guide/done/", guide.done, name="guide-done"),
    path("set-up/guide/<slug:step>/preview/", guide.preview, name="guide-preview"),
    path("gaps/<slug:key>/", views.gap, name="gap"),
    path("creators/<int:pk>/story/", creator_story.story, name="creator-story"),
    path("creators/<int:pk>/story/newest/", creator_story.newest, name="creator-newest"),
    path("history/<slug:kind>/<int:pk>/<slug:field>/", history_views.history, name="history"),
    path(
        "history/<slug:kind>/<int:pk>/<slug:field>/<int:change>/",
        history_views.restore,
        name="restore",
    ),
    path("creators/edited/", revise_views.revise, name="revise"),
    path("creators/edited/confirm/", revise_views.confirm, name="revise-confirm"),
    path("cells/<slug:kind>/", cell_views.cells, name="cells"),
    path("cells/<slug:kind>/paste/", cell_views.paste, name="cells-paste"),
    path("cells/<slug:kind>/confirm/", cell_views.confirm, name="cells-confirm"),
    path("cells/<slug:kind>/<int:pk>/<slug:field>/", cell_views.cell, name="cell"),
    path("find/", find_views.find_in_client, name="find"),
    path("settings/", views.settings, name="settings"),
    path("audit/", audit_views.of_client, name="audit"),
    path("settings/brand/", brand_views.brand, name="brand"),
]
