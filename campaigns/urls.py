"""Pages of campaigns, below `/c/<client>/campaigns/`."""

from django.urls import path, re_path

from campaigns.views import ads, caps, evidence, gmv_max, guards, launches, plans, rule, triage

app_name = "campaigns"

urlpatterns = [
    path("", ads.ads, name="list"),
    path("gmv-max/", gmv_max.gmv_max, name="gmv-max"),
    path("changes/", ads.changes, name="changes"),
    path("guards/", guards.guards, name="guards"),
    path("guards/new/", guards.new_guard, name="guard-new"),
    path("guards/caps/", caps.caps, name="caps"),
    path("guards/caps/<int:pk>/remove/", caps.remove, name="cap-remove"),
    path("guards/log/", guards.guard_log, name="guard-log"),
    path("guards/<int:pk>/", guards.guard, name="guard"),
    path("guards/checks/<int:pk>/", guards.guard_check, name="guard-check"),
    re_path(
        r"^guards/checks/(?P<pk>\d+)/(?P<word>accept|dismiss|undo)/$",
        guards.answer,
        name="guard-answer",
    ),
    path("ads/<int:pk>/", ads.ad, name="ad"),
    re_path(r"^ads/(?P<pk>\d+)/(?P<word>pause|enable)/$", ads.switch, name="switch"),
    path("posts/<int:pk>/ads/", ads.post_ads, name="post-ads"),
    path("posts/<int:pk>/evidence/", evidence.packs, name="evidence"),
    path("posts/<int:pk>/evidence/ask/", evidence.ask, name="ask-evidence"),
    re_path(r"^evidence/(?P<pk>\d+)\.(?P<form>pdf|json)$", evidence.take, name="take-evidence"),
    path("posts/<int:pk>/gmv-max/", gmv_max.post_choices, name="post-gmv-max"),
    re_path(
        r"^posts/(?P<pk>\d+)/gmv-max/(?P<campaign>\d+)/(?P<word>include|exclude)/$",
        gmv_max.choose,
        name="gmv-max-choose",
    ),
    path("posts/<int:pk>/launch/", launches.launch, name="launch"),
    path("triage/", triage.board, name="triage"),
    path("triage/rule/", rule.rule, name="triage-rule"),
    path("triage/progress/", rule.progress, name="triage-progress"),
    path("triage/back-tests/", rule.start, name="triage-back-tests"),
    path("triage/back-tests/<int:pk>/", rule.back_test, name="triage-back-test"),
    path("posts/<int:pk>/verdict/", triage.panel, name="post-verdict"),
    path("posts/<int:pk>/decide/", triage.decide, name="decide"),
    path("plans/", plans.plan_list, name="plans"),
    path("plans/new/", plans.new_plan, name="plan-new"),
    path("plans/limits/", plans.limits, name="limits"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/propose/", plans.propose, name="plan-propose"),
    path("plans/<int:pk>/confirm/", plans.confirm, name="plan-confirm"),
    path("plans/<int:pk>/reopen/", plans.reopen, name="plan-reopen"),
    path("plans/<int:pk>/withdraw/", plans.withdraw, name="plan-withdraw"),
    path("plans/<int:pk>/undo/", plans.undo, name="plan-undo"),
    path("plans/<int:pk>/send/", plans.send, name="plan-send"),
    path("plans/<int:pk>/links/<int:link>/revoke/", plans.revoke, name="plan-revoke"),
    path("plans/<int:pk>/posts/<int:line>/override/", plans.override, name="plan-override"),
    path("plans/<int:pk>/posts/<int:line>/drop/", plans.drop, name="plan-drop"),
    path("launches/<int:pk>/", launches.result, name="launch-result"),
    path("launches/<int:pk>/resume/", launches.resume, name="resume"),
    path("launches/<int:pk>/cancel/", launches.cancel, name="cancel"),
]
