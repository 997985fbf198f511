"""Today and saved views in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.home import api, view_api

urlpatterns = [
    path("today/", api.TODAY, name="api-today"),
    path("saved-views/", view_api.VIEWS, name="api-saved-views"),
    *(
        path(f"saved-views/<int:pk>/{word}/", deed, name=f"api-{word}-saved-view")
        for word, deed in view_api.VIEW_DEEDS.items()
    ),
]
