"""Imports in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.intake import api

urlpatterns = [
    path("imports/", api.IMPORT_LIST, name="api-imports"),
    path("imports/<int:pk>/", api.ONE_IMPORT, name="api-import"),
    path("imports/<int:pk>/columns/", api.CHOOSE, name="api-import-columns"),
    *(
        path(f"imports/<int:pk>/{word}/", deed, name=f"api-import-{word}")
        for word, deed in api.DEEDS.items()
    ),
    path("import-rows/", api.ROWS, name="api-import-rows"),
]
