"""Pages of creators, posts and samples, below `/c/<client>/`."""

from django.urls import path

from creators.views import (
    answers,
    applications,
    collaborations,
    creator_batches,
    creators,
    market,
    matching,
    post_batches,
    posts,
    samples,
)

app_name = "creators"

urlpatterns = [
    path("creators/", creators.creators, name="creators"),
    path("creators/<int:pk>/", creators.creator, name="creator"),
    path("creators/<int:pk>/edit/", creators.edit, name="edit"),
    path("creators/batch/", creator_batches.batch, name="creator-batch"),
    path("creators/batches/<int:pk>/", creator_batches.done, name="creator-batch-done"),
    path("creators/batches/<int:pk>/undo/", creator_batches.undo, name="creator-batch-undo"),
    path("creators/market/", market.market, name="market"),
    path("creators/market/<int:pk>/", market.found, name="found"),
    path("creators/market/<int:pk>/again/", market.again, name="market-again"),
    path("creators/market/<int:pk>/delete/", market.drop, name="market-drop"),
    path("creators/market/<int:pk>/add/", market.add, name="market-add"),
    path("applications/", applications.applications, name="applications"),
    path("applications/page/", applications.page, name="application-page"),
    path("applications/decide/", applications.decide, name="application-decide"),
    path("posts/", posts.posts, name="posts"),
    path("posts/batch/", post_batches.batch, name="post-batch"),
    path("posts/batches/<int:pk>/", post_batches.done, name="post-batch-done"),
    path("posts/batches/<int:pk>/undo/", post_batches.undo, name="post-batch-undo"),
    path("posts/review/", matching.review, name="review"),
    path("posts/review/<int:pk>/", matching.match, name="match"),
    path("posts/words/", matching.clues, name="clues"),
    path("posts/<int:pk>/", posts.post, name="post"),
    path("collaborations/", collaborations.collaborations, name="collaborations"),
    path("collaborations/limit/", collaborations.limit, name="collaboration-limit"),
    path("collaborations/<int:pk>/", collaborations.collaboration, name="collaboration"),
    path("collaborations/<int:pk>/rates/", collaborations.rates, name="collaboration-rates"),
    path(
        "collaborations/<int:pk>/<slug:word>/", collaborations.decide, name="collaboration-decide"
    ),
    path("samples/", samples.samples, name="samples"),
    path("samples/reminders/", samples.reminders, name="sample-reminders"),
    path("samples/rules/", answers.rules, name="sample-rules"),
    path("samples/answer/", answers.answer, name="sample-answer"),
    path("samples/<int:pk>/undo/", answers.undo, name="sample-undo"),
    path("samples/<int:pk>/", samples.sample, name="sample"),
    path("samples/<int:pk>/extend/", samples.extend, name="sample-extend"),
    path("samples/<int:pk>/shorten/", samples.shorten, name="sample-shorten"),
    path("samples/<int:pk>/remind/", samples.remind, name="sample-remind"),
]
