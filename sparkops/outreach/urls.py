"""Outreach, below `/c/<client>/outreach/`."""

from django.urls import path

from sparkops.outreach.views import (
    blocks,
    collisions,
    editing,
    funnel,
    inbox,
    leaders,
    lookalikes,
    outreaches,
    quota,
    segments,
    steering,
)

app_name = "outreach"

urlpatterns = [
    path("", outreaches.outreaches, name="list"),
    path("new/", editing.new, name="new"),
    path("segments/", segments.segments, name="segments"),
    path("segments/search/<int:pk>/", segments.of_search, name="market-segment"),
    path("funnel/", funnel.funnel, name="funnel"),
    path("leaders/", leaders.leaders, name="leaders"),
    path("look-alikes/", lookalikes.look_alikes, name="look-alikes"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/words/", inbox.words, name="words"),
    path("inbox/<int:pk>/", inbox.thread, name="thread"),
    path("inbox/<int:pk>/assign/", inbox.assign, name="assign"),
    path("inbox/<int:pk>/mark/", inbox.mark, name="mark"),
    path("creators/<int:pk>/block/", blocks.block, name="block"),
    path("quota/", quota.quota, name="quota"),
    path("collisions/", collisions.collisions, name="collisions"),
    path("collisions/<int:pk>/accept/", collisions.accept, name="collision-accept"),
    path("exclusivity/<int:pk>/end/", collisions.end, name="exclusivity-end"),
    path("<int:pk>/", outreaches.outreach, name="outreach"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/start/", editing.start, name="start"),
    path("<int:pk>/pause/", steering.pause, name="pause"),
    path("<int:pk>/resume/", steering.resume, name="resume"),
    path("<int:pk>/stop/", steering.stop, name="stop"),
    path("recipients/<int:pk>/override/", steering.override, name="override"),
    path("<int:pk>/delete/", editing.delete, name="delete"),
]
