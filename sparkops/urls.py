"""The URL map."""

from django.urls import include, path

from sparkops.connections import views as connections
from sparkops.home import health
from sparkops.landing import receiver

CLIENT_PAGES = [
    path("connections/", include("sparkops.landing.urls")),
]

urlpatterns = [
    path("c/<slug:client>/", include(CLIENT_PAGES)),
    path("connect/<str:kind>/", connections.returned, name="connection-returned"),
    path("webhooks/tiktok-shop/", receiver.tiktok_shop, name="webhook-tiktok-shop"),
    path("accounts/", include("allauth.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("sparkops.web.urls")),
]
