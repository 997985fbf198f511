"""Saved views and looks of tables, below `/c/<client>/`."""

from django.urls import path

from sparkops.desk import views

app_name = "desk"

urlpatterns = [
    path("views/", views.all_views, name="views"),
    path("views/new/", views.new, name="view-new"),
    path("views/<int:pk>/", views.go, name="view"),
    path("views/<int:pk>/change/", views.change, name="view-change"),
    path("views/<int:pk>/pin/", views.pin, name="view-pin"),
    path("views/<int:pk>/default/", views.default, name="view-default"),
    path("views/<int:pk>/delete/", views.delete, name="view-delete"),
    path("views/<int:pk>/restore/", views.restore, name="view-restore"),
    path("looks/<slug:table>/", views.look, name="look"),
]
