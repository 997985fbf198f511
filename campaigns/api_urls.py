"""Campaigns in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from campaigns import api

urlpatterns = [
    path("campaigns/", api.CAMPAIGN_LIST, name="api-campaigns"),
    path("ad-groups/", api.AD_GROUPS, name="api-ad-groups"),
    path("gmv-max-days/", api.GMV_MAX_DAYS, name="api-gmv-max-days"),
    path("ads/", api.AD_LIST, name="api-ads"),
    path("ads/<int:pk>/", api.AD, name="api-ad"),
    path("ads/<int:pk>/pause/", api.PAUSE, name="api-pause-ad"),
    path("ads/<int:pk>/enable/", api.ENABLE, name="api-enable-ad"),
    path("ad-days/", api.AD_DAYS, name="api-ad-days"),
    path("launches/", api.LAUNCH_LIST, name="api-launches"),
    path("launches/<int:pk>/", api.LAUNCH, name="api-launch"),
    path("launches/<int:pk>/resume/", api.RESUME, name="api-resume-launch"),
    path("launches/<int:pk>/cancel/", api.CANCEL, name="api-cancel-launch"),
]
