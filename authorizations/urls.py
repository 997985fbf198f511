"""Pages of the rights ledger, below `/c/<client>/authorizations/`."""

from django.urls import path

from authorizations.views import (
    cases,
    content_suite,
    detail,
    fees,
    hand_in,
    ledger,
    links,
    terms,
    watch,
)

app_name = "authorizations"

urlpatterns = [
    path("", ledger.authorizations, name="list"),
    path("hand-in/", hand_in.hand_in, name="hand-in"),
    path("hand-in/progress/", hand_in.progress, name="progress"),
    path("content-suite/", content_suite.record, name="content-suite"),
    path("<int:pk>/take-back/", content_suite.take_back, name="take-back"),
    path("terms/", terms.templates, name="terms-list"),
    path("terms/new/", terms.new, name="terms-new"),
    path("terms/preview/", terms.preview, name="terms-preview"),
    path("terms/<int:pk>/", terms.template, name="terms-template"),
    path("terms/<int:pk>/edit/", terms.edit, name="terms-edit"),
    path("posts/<int:pk>/links/", links.links, name="links"),
    path("posts/<int:pk>/links/make/", links.make, name="link-make"),
    path("links/<int:pk>/revoke/", links.revoke, name="link-revoke"),
    path("acceptances/<int:pk>.pdf", links.signed, name="signed"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/reveal/", detail.reveal, name="reveal"),
    path("<int:pk>/renew/", detail.renew, name="renew"),
    path("<int:pk>/terms/", detail.terms, name="terms"),
    path("<int:pk>/fee/", fees.agree, name="fee"),
    path("<int:pk>/fee/paid/", fees.paid, name="fee-paid"),
    path("<int:pk>/redemptions/<int:redemption>/retry/", detail.retry_redemption, name="retry"),
    path("<int:pk>/redemptions/<int:redemption>/remove/", detail.remove, name="remove"),
    path("watchdog/", watch.found, name="findings"),
    path("watchdog/<int:pk>/", watch.finding, name="finding"),
    path("watchdog/<int:pk>/settle/", watch.settle, name="settle-finding"),
    path("cases/", cases.cases_page, name="cases"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/settle/", cases.settle, name="settle-case"),
    path("posts/<int:pk>/panel/", detail.post_panel, name="post-panel"),
]
