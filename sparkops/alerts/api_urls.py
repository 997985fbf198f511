"""Alerts in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.alerts import api

urlpatterns = [path("alerts/", api.ALERTS, name="api-alerts")]
