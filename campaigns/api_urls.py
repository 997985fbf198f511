"""Campaigns in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from campaigns import api
from campaigns.api import (
    approving,
    gmv_max,
    guarding,
    judging,
    numbers,
    planning,
    ruling,
    templates,
)

urlpatterns = [
    path("campaigns/", api.CAMPAIGN_LIST, name="api-campaigns"),
    path("ad-groups/", api.AD_GROUPS, name="api-ad-groups"),
    path("gmv-max-days/", numbers.GMV_MAX_DAYS, name="api-gmv-max-days"),
    path("ads/", api.AD_LIST, name="api-ads"),
    path("ads/<int:pk>/", api.AD, name="api-ad"),
    path("ads/<int:pk>/pause/", api.PAUSE, name="api-pause-ad"),
    path("ads/<int:pk>/enable/", api.ENABLE, name="api-enable-ad"),
    path("ad-days/", numbers.AD_DAYS, name="api-ad-days"),
    path("ad-hours/", numbers.AD_HOURS, name="api-ad-hours"),
    path("launches/", api.LAUNCH_LIST, name="api-launches"),
    path("launches/<int:pk>/", api.LAUNCH, name="api-launch"),
    path("launches/<int:pk>/resume/", api.RESUME, name="api-resume-launch"),
    path("launches/<int:pk>/cancel/", api.CANCEL, name="api-cancel-launch"),
    path("triage-rule/", ruling.RULE, name="api-triage-rule"),
    path("back-tests/", ruling.BACK_TESTS, name="api-back-tests"),
    path("back-tests/<int:pk>/", ruling.BACK_TEST, name="api-back-test"),
    path("verdicts/", judging.VERDICTS, name="api-verdicts"),
    path("posts/<int:pk>/verdict/", judging.VERDICT, name="api-verdict"),
    path("posts/<int:pk>/decide/", judging.DECIDE, name="api-decide"),
    path("posts/<int:pk>/evidence/", judging.ASK, name="api-ask-evidence"),
    path("evidence-packs/", judging.PACKS, name="api-evidence-packs"),
    path("evidence-packs/<int:pk>/", judging.PACK, name="api-evidence-pack"),
    path("evidence-packs/<int:pk>/document/", judging.DOCUMENT, name="api-evidence-document"),
    path("plans/", planning.PLAN_LIST, name="api-plans"),
    path("plans/<int:pk>/", planning.PLAN, name="api-plan"),
    *(
        path(f"plans/<int:pk>/{word}/", deed, name=f"api-plan-{word}")
        for word, deed in planning.PLAN_DEEDS.items()
    ),
    path("plans/gmv-max/", gmv_max.PLAN, name="api-plan-gmv-max"),
    path("plans/<int:pk>/checks/", approving.CHECKS, name="api-plan-checks"),
    path("plans/<int:pk>/retry/", approving.RETRY, name="api-plan-retry"),
    path("plans/<int:pk>/lines/<int:line>/drop/", approving.DROP, name="api-plan-drop"),
    path(
        "plans/<int:pk>/gmv-max/<int:campaign>/raise-target/",
        approving.RAISE_TARGET,
        name="api-plan-raise-target",
    ),
    path("plans/<int:pk>/send/", approving.SEND, name="api-plan-send"),
    path("approval-links/", approving.LINKS, name="api-approval-links"),
    path("approval-links/<int:pk>/revoke/", approving.REVOKE, name="api-approval-link-revoke"),
    path("gmv-max-choices/", gmv_max.CHOICES, name="api-gmv-max-choices"),
    path("posts/<int:pk>/gmv-max/", gmv_max.CHOOSE, name="api-choose-for-gmv-max"),
    path("launch-templates/", templates.TEMPLATE_LIST, name="api-launch-templates"),
    path("launch-templates/<int:pk>/", templates.TEMPLATE, name="api-launch-template"),
    path("launch-templates/<int:pk>/retire/", templates.RETIRE, name="api-launch-template-retire"),
    path("launch-limits/", templates.LIMITS, name="api-launch-limits"),
    path("caps/", planning.CAP_LIST, name="api-caps"),
    path("caps/<int:pk>/remove/", planning.REMOVE_CAP, name="api-cap-remove"),
    path("guards/", guarding.GUARD_LIST, name="api-guards"),
    path("guards/<int:pk>/", guarding.GUARD, name="api-guard"),
    path("guard-checks/", guarding.CHECK_LIST, name="api-guard-checks"),
    *(
        path(f"guard-checks/<int:pk>/{word}/", deed, name=f"api-guard-check-{word}")
        for word, deed in guarding.CHECK_DEEDS.items()
    ),
    path("ad-comments/", planning.COMMENT_LIST, name="api-ad-comments"),
    *(
        path(f"ad-comments/<int:pk>/{word}/", deed, name=f"api-ad-comment-{word}")
        for word, deed in planning.COMMENT_DEEDS.items()
    ),
]
