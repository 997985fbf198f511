"""The URL map."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from authorizations.views.of_all import authorizations_of_all
from campaigns.views import approval
from campaigns.views.of_all import ads_of_all
from creators.views import of_all as of_all_creators
from profit.api.of_all import PROFIT_OF_ALL
from profit.views import portfolio as profit
from sparkops.accounts import views as accounts
from sparkops.api import views as api
from sparkops.connections import views as connections
from sparkops.home import api as home_api
from sparkops.home import audit_views, chat_views, find_views, health, metrics, notice_views
from sparkops.home import views as home
from sparkops.landing import receiver
from sparkops.portal.views import apply
from sparkops.renewals.views import ahead, at_risk
from sparkops.reports import open_views
from sparkops.sso import sign_in_views as sign_in
from sparkops.sso import views as sso
from sparkops.takeout import deletion_views as deletions
from sparkops.takeout import views as takeout
from sparkops.tenants import brand_views as brand
from sparkops.tenants import session_views
from sparkops.tenants import views as tenants
from sparkops.tenants.gate import public_view

CLIENT_PAGES = [
    path("", include("sparkops.home.urls")),
    path("", include("sparkops.talk.urls")),
    path("", include("sparkops.desk.urls")),
    path("", include("creators.urls")),
    path("authorizations/", include("authorizations.urls")),
    path("campaigns/", include("campaigns.urls")),
    path("profit/", include("profit.urls")),
    path("renewals/", include("sparkops.renewals.urls")),
    path("outreach/", include("sparkops.outreach.urls")),
    path("import/", include("sparkops.intake.urls")),
    path("reports/", include("sparkops.reports.urls")),
    path("connections/", include("sparkops.landing.urls")),
]

ORGANIZATION_PAGES: list[URLPattern | URLResolver] = [
    path("", home.portfolio, name="portfolio"),
    path("at-risk/", at_risk.at_risk_of_all, name="portfolio-at-risk"),
    path("calendar/", at_risk.month_of_all, name="portfolio-calendar"),
    path("next-30-days/", ahead.ahead_of_all, name="portfolio-next-30-days"),
    path("creators/", of_all_creators.creators_of_all, name="portfolio-creators"),
    path("posts/", of_all_creators.posts_of_all, name="portfolio-posts"),
    path("authorizations/", authorizations_of_all, name="portfolio-authorizations"),
    path("ads/", ads_of_all, name="portfolio-ads"),
    path("profit/", profit.portfolio, name="portfolio-profit"),
    path("clients/new/", tenants.new_client, name="client-new"),
    path("team/", tenants.team, name="team"),
    path("team/invite/", tenants.invite, name="team-invite"),
    path("team/invitations/<int:invitation>/revoke/", tenants.revoke, name="team-revoke"),
    path("team/second-factor/", tenants.second_factor, name="second-factor"),
    path("team/single-sign-on/", sso.single_sign_on, name="single-sign-on"),
    path("team/single-sign-on/switch/", sso.switch, name="single-sign-on-switch"),
    path("team/single-sign-on/require/", sso.require, name="single-sign-on-require"),
    path("team/single-sign-on/factor/", sso.second_factor, name="single-sign-on-factor"),
    path("team/single-sign-on/remove/", sso.remove, name="single-sign-on-remove"),
    path("team/support/", tenants.give_support, name="support"),
    path("audit/", audit_views.of_organization, name="audit"),
    path("team/<int:membership>/role/", tenants.change_role, name="team-role"),
    path("team/<int:membership>/remove/", tenants.remove, name="team-remove"),
    path("access/", tenants.access, name="access"),
    path("takeout/", takeout.takeout, name="takeout"),
    path("takeout/ask/", takeout.ask, name="takeout-ask"),
    path("takeout/archive.zip", takeout.take, name="takeout-take"),
    path("deletions/", deletions.deletions, name="deletions"),
    path("deletions/<int:deletion>/", deletions.deletion, name="deletion"),
    path("deletions/<int:deletion>/undo/", deletions.undo, name="deletion-undo"),
    path("deletions/<int:deletion>/export.zip", deletions.export, name="deletion-export"),
    path("deletions/<int:deletion>/receipt.json", deletions.receipt, name="deletion-receipt"),
    path("clients/<slug:slug>/delete/", deletions.delete, name="client-delete"),
    path("webhooks/", include("sparkops.hooks.urls")),
    path("api-keys/", api.api_keys, name="api-keys"),
    path("api-keys/<int:key>/rotate/", api.rotate, name="api-key-rotate"),
    path("api-keys/<int:key>/revoke/", api.revoke, name="api-key-revoke"),
]

API_OF_CLIENT = [
    path("", include("sparkops.home.api_urls")),
    path("", include("sparkops.alerts.api_urls")),
    path("", include("sparkops.landing.api_urls")),
    path("", include("sparkops.catalog.api_urls")),
    path("", include("creators.api_urls")),
    path("", include("authorizations.api_urls")),
    path("", include("campaigns.api_urls")),
    path("", include("profit.api_urls")),
    path("", include("sparkops.renewals.api_urls")),
    path("", include("sparkops.outreach.api_urls")),
    path("", include("sparkops.intake.api_urls")),
    path("", include("sparkops.reports.api_urls")),
    path("", include("sparkops.talk.api_urls")),
    path("", include("sparkops.hooks.api_urls")),
]

demo_only = public_view("exists only in the demo, where nothing is secret")

urlpatterns = [
    path("", home.arrive, name="home"),
    path("", include("sparkops.portal.urls")),
    path("clients/<slug:client>/", home.enter, name="client-home"),
    path("c/<slug:client>/", include(CLIENT_PAGES)),
    path("o/<slug:organization>/", include(ORGANIZATION_PAGES)),
    path("find/", find_views.find_anywhere, name="find"),
    path("notifications/", notice_views.notices, name="notifications"),
    path("notifications/seen/", notice_views.seen, name="notifications-seen"),
    path("notifications/settings/", notice_views.notice_settings, name="notification-settings"),
    path("notifications/chats/add/", chat_views.add, name="chat-add"),
    path("notifications/chats/<int:chat>/test/", chat_views.test, name="chat-test"),
    path("notifications/chats/<int:chat>/remove/", chat_views.remove, name="chat-remove"),
    path("join/<str:secret>/", tenants.join, name="join"),
    re_path(r"^brand/(?P<accent>[0-9a-f]{6})\.css$", brand.colours, name="brand-colours"),
    re_path(r"^brand/(?P<name>[0-9a-f]{64})\.png$", brand.logo, name="brand-logo"),
    path("apply/<slug:client>/", apply.apply, name="apply"),
    path("approve/<str:token>/", approval.approve, name="approve"),
    path("report/<str:token>/", open_views.report, name="report"),
    path("report/<str:token>/report.pdf", open_views.pdf, name="report-pdf"),
    path("connect/<str:kind>/", connections.returned, name="connection-returned"),
    path("webhooks/tiktok-shop/", receiver.tiktok_shop, name="webhook-tiktok-shop"),
    # In the place of the library's page, which ends all sessions at once and notes nothing.
    path("accounts/sessions/", session_views.sessions, name="sessions"),
    path("accounts/sessions/end/", session_views.end_others, name="sessions-end"),
    path("accounts/sessions/<int:session>/end/", session_views.end, name="session-end"),
    path("accounts/company/", sign_in.company, name="company-sign-in"),
    path("accounts/company/confirm/", sign_in.confirm, name="company-confirm"),
    path("accounts/oidc/<slug:provider>/login/", sign_in.go, name="company-go"),
    path(
        "accounts/oidc/<slug:provider>/login/callback/", sign_in.returned, name="company-returned"
    ),
    # Without the library's pages of other sites' accounts: those above are in their place, and take
    # no wishes of the protocol from the address.
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("mailbox/", demo_only(accounts.mailbox), name="mailbox"),
    path("mailbox/<int:mail>/", demo_only(accounts.mail), name="mail"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/v1/", include("sparkops.api.urls")),
    path("api/v1/today/", home_api.TODAY_OF_ALL, name="api-today-of-all"),
    path("api/v1/profit/", PROFIT_OF_ALL, name="api-profit-of-all"),
    path("api/v1/clients/<slug:client>/", include(API_OF_CLIENT)),
    path("api/", api.not_found),
    path("api/<path:rest>", api.not_found),
    path("", include("sparkops.web.urls")),
]
