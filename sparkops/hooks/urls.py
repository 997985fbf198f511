"""Webhooks of an organization, below `/o/<organization>/webhooks/`."""

from django.urls import path

from sparkops.hooks import views

urlpatterns = [
    path("", views.webhooks, name="webhooks"),
    path("new/", views.new, name="webhook-new"),
    path("<int:endpoint>/", views.webhook, name="webhook"),
    path("<int:endpoint>/edit/", views.edit, name="webhook-edit"),
    path("<int:endpoint>/rotate/", views.rotate, name="webhook-rotate"),
    path("<int:endpoint>/off/", views.switch_off, name="webhook-off"),
    path("<int:endpoint>/on/", views.switch_on, name="webhook-on"),
    path("<int:endpoint>/remove/", views.remove, name="webhook-remove"),
    path("<int:endpoint>/test/", views.test, name="webhook-test"),
    path("<int:endpoint>/again/", views.replay_span, name="webhook-replay-span"),
    path("<int:endpoint>/messages/<int:delivery>/", views.message, name="webhook-message"),
    path("<int:endpoint>/messages/<int:delivery>/again/", views.replay, name="webhook-replay"),
]
