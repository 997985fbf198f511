"""Outreach in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.outreach import api
from sparkops.outreach.api import answering, building, meeting

urlpatterns = [
    path("segments/", api.SEGMENTS, name="api-segments"),
    path("outreaches/", building.OUTREACH_LIST, name="api-outreaches"),
    path("outreaches/<int:pk>/", building.OUTREACH, name="api-outreach"),
    *(
        path(f"outreaches/<int:pk>/{word}/", deed, name=f"api-outreach-{word}")
        for word, deed in api.DEEDS.items()
    ),
    path("outreaches/<int:pk>/preview/", building.PREVIEW, name="api-outreach-preview"),
    path("outreaches/<int:pk>/delete/", building.DELETE, name="api-outreach-delete"),
    path(
        "outreach-recipients/<int:pk>/override/", building.OVERRIDE, name="api-recipient-override"
    ),
    path("blocks/", meeting.BLOCKS, name="api-blocks"),
    path("creators/<int:pk>/block/", meeting.BLOCK, name="api-block"),
    path("creators/<int:pk>/unblock/", meeting.UNBLOCK, name="api-unblock"),
    path("collisions/", meeting.COLLISIONS, name="api-collisions"),
    path("collisions/<int:pk>/accept/", meeting.ACCEPT, name="api-collision-accept"),
    path("exclusivities/", meeting.EXCLUSIVITIES, name="api-exclusivities"),
    path("exclusivities/<int:pk>/end/", meeting.END, name="api-exclusivity-end"),
    path("outreach-recipients/", api.RECIPIENTS, name="api-outreach-recipients"),
    path("conversations/", api.THREADS, name="api-conversations"),
    path("conversations/<int:pk>/answer/", api.ANSWER, name="api-conversation-answer"),
    path("conversations/<int:pk>/messages/", answering.MESSAGES, name="api-conversation-messages"),
    path("conversations/<int:pk>/assign/", answering.ASSIGN, name="api-conversation-assign"),
    path("conversations/<int:pk>/mark/", answering.MARK, name="api-conversation-mark"),
    path("saved-answers/", answering.SAVED, name="api-saved-answers"),
]
