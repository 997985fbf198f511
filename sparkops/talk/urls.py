"""Comments and tasks, below `/c/<client>/`."""

from django.urls import path

from sparkops.talk import views

app_name = "talk"

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("talk/<slug:kind>/<int:pk>/", views.thread, name="thread"),
    path("talk/<slug:kind>/<int:pk>/say/", views.say, name="say"),
    path("talk/<slug:kind>/<int:pk>/task/", views.assign, name="assign"),
    path("talk/<slug:kind>/<int:pk>/done/", views.finish, name="finish"),
    path("talk/<slug:kind>/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("talk/<slug:kind>/<int:pk>/<int:comment>/remove/", views.remove, name="remove"),
    path("talk/<slug:kind>/<int:pk>/<int:comment>/restore/", views.restore, name="restore"),
]
