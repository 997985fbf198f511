"""Pages of connections and sync, below `/c/<client>/connections/`."""

from django.urls import path

from sparkops.connections import views as connections
from sparkops.landing import views

app_name = "connections"

urlpatterns = [
    path("", views.connections, name="list"),
    path("sync/", views.sync_now, name="sync"),
    path("connect/<str:kind>/", connections.start, name="start"),
    path("<int:connection>/disconnect/", connections.confirm_disconnect, name="ask-disconnect"),
    path("<int:connection>/disconnect/now/", connections.disconnect, name="disconnect"),
]
