"""Creators and posts in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from creators import api
from creators.api import batches, market, programme, review, sampling

urlpatterns = [
    path("creators/", api.CREATOR_LIST, name="api-creators"),
    path("creators/<int:pk>/", api.CREATOR, name="api-creator"),
    path("creator-batches/", batches.CREATOR_BATCHES, name="api-creator-batches"),
    path("creator-batches/<int:pk>/", batches.CREATOR_BATCH, name="api-creator-batch"),
    path("creator-batches/<int:pk>/undo/", batches.UNDO_CREATORS, name="api-creator-batch-undo"),
    path("post-batches/", batches.POST_BATCHES, name="api-post-batches"),
    path("post-batches/<int:pk>/", batches.POST_BATCH, name="api-post-batch"),
    path("post-batches/<int:pk>/undo/", batches.UNDO_POSTS, name="api-post-batch-undo"),
    path("market-searches/", market.SEARCHES, name="api-market-searches"),
    path("market-searches/<int:pk>/", market.SEARCH, name="api-market-search"),
    path("market-searches/<int:pk>/again/", market.AGAIN, name="api-market-again"),
    path("market-searches/<int:pk>/delete/", market.DELETE, name="api-market-delete"),
    path("market-searches/<int:pk>/take-over/", market.TAKE_OVER, name="api-market-take-over"),
    path("market-hits/", market.HITS, name="api-market-hits"),
    path("posts/", api.POST_LIST, name="api-posts"),
    path("posts/<int:pk>/", api.POST, name="api-post"),
    path("post-matches/", review.MATCHES, name="api-post-matches"),
    path("post-matches/<int:pk>/", review.MATCH, name="api-post-match"),
    path("post-matches/<int:pk>/decide/", review.DECIDE, name="api-post-match-decide"),
    path("product-words/", review.WORDS, name="api-product-words"),
    path("post-days/", api.POST_DAYS, name="api-post-days"),
    path("samples/", api.SAMPLES, name="api-samples"),
    path("collaborations/", api.COLLABORATIONS, name="api-collaborations"),
    path("samples/<int:pk>/", programme.SAMPLE, name="api-sample"),
    path("samples/<int:pk>/answer/", programme.ANSWER, name="api-sample-answer"),
    path("samples/<int:pk>/undo-answer/", programme.UNDO_ANSWER, name="api-sample-undo-answer"),
    path("samples/<int:pk>/extend/", programme.EXTEND, name="api-sample-extend"),
    path("samples/<int:pk>/shorten/", sampling.SHORTEN, name="api-sample-shorten"),
    path("samples/<int:pk>/remind/", sampling.REMIND, name="api-sample-remind"),
    path("sample-rules/", sampling.RULES, name="api-sample-rules"),
    path("sample-reminders/", sampling.REMINDERS, name="api-sample-reminders"),
    path("applications/", programme.APPLICATION_LIST, name="api-applications"),
    *(
        path(f"applications/<int:pk>/{word}/", deed, name=f"api-application-{word}")
        for word, deed in programme.APPLICATION_DEEDS.items()
    ),
    path("rate-changes/", programme.RATE_CHANGES, name="api-rate-changes"),
    *(
        path(f"rate-changes/<int:pk>/{word}/", deed, name=f"api-rate-change-{word}")
        for word, deed in programme.RATE_DEEDS.items()
    ),
    path("collaborations/<int:pk>/rates/", programme.PROPOSE_RATES, name="api-propose-rates"),
]
