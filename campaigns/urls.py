"""Pages of campaigns, below `/c/<client>/campaigns/`."""

from django.urls import path, re_path

from campaigns.views import ads, evidence, gmv_max, launches, rule, triage

app_name = "campaigns"

urlpatterns = [
    path("", ads.ads, name="list"),
    path("gmv-max/", gmv_max.gmv_max, name="gmv-max"),
    path("ads/<int:pk>/", ads.ad, name="ad"),
    re_path(r"^ads/(?P<pk>\d+)/(?P<word>pause|enable)/$", ads.switch, name="switch"),
    path("posts/<int:pk>/ads/", ads.post_ads, name="post-ads"),
    path("posts/<int:pk>/evidence/", evidence.packs, name="evidence"),
    path("posts/<int:pk>/evidence/ask/", evidence.ask, name="ask-evidence"),
    re_path(r"^evidence/(?P<pk>\d+)\.(?P<form>pdf|json)$", evidence.take, name="take-evidence"),
    path("posts/<int:pk>/launch/", launches.launch, name="launch"),
    path("triage/", triage.board, name="triage"),
    path("triage/rule/", rule.rule, name="triage-rule"),
    path("triage/progress/", rule.progress, name="triage-progress"),
    path("posts/<int:pk>/verdict/", triage.panel, name="post-verdict"),
    path("posts/<int:pk>/decide/", triage.decide, name="decide"),
    path("launches/<int:pk>/", launches.result, name="launch-result"),
    path("launches/<int:pk>/resume/", launches.resume, name="resume"),
    path("launches/<int:pk>/cancel/", launches.cancel, name="cancel"),
]
