from django.urls import path

from sparkops.web import views

urlpatterns = [
    path("_components/", views.components, name="components"),
    path("_components/dialog/", views.dialog, name="components-dialog"),
    path("_components/panel/", views.panel, name="components-panel"),
    path("_components/job/", views.job, name="components-job"),
    path("_components/search/", views.search, name="components-search"),
    path("_components/form/", views.form, name="components-form"),
]
