"""Today in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.home import api

urlpatterns = [path("today/", api.TODAY, name="api-today")]
