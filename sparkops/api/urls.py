"""What every key may ask, the schema and the reference, below `/api/v1/`."""

from django.urls import path

from sparkops.api import own, views

urlpatterns = [
    path("", views.entrance, name="api"),
    path("reference/", views.reference, name="api-reference"),
    path("schema/", views.schema, name="api-schema"),
    path("key/", own.KEY, name="api-key"),
    path("clients/", own.CLIENTS, name="api-clients"),
]
