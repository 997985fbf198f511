"""Creators and posts in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from creators import api

urlpatterns = [
    path("creators/", api.CREATOR_LIST, name="api-creators"),
    path("creators/<int:pk>/", api.CREATOR, name="api-creator"),
    path("posts/", api.POST_LIST, name="api-posts"),
    path("posts/<int:pk>/", api.POST, name="api-post"),
    path("post-days/", api.POST_DAYS, name="api-post-days"),
    path("samples/", api.SAMPLES, name="api-samples"),
    path("collaborations/", api.COLLABORATIONS, name="api-collaborations"),
]
