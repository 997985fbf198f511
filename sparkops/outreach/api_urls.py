"""Outreach in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.outreach import api

urlpatterns = [
    path("segments/", api.SEGMENTS, name="api-segments"),
    path("outreaches/", api.OUTREACH_LIST, name="api-outreaches"),
    path("outreaches/<int:pk>/", api.OUTREACH, name="api-outreach"),
    *(
        path(f"outreaches/<int:pk>/{word}/", deed, name=f"api-outreach-{word}")
        for word, deed in api.DEEDS.items()
    ),
    path("outreach-recipients/", api.RECIPIENTS, name="api-outreach-recipients"),
    path("conversations/", api.THREADS, name="api-conversations"),
    path("conversations/<int:pk>/answer/", api.ANSWER, name="api-conversation-answer"),
]
