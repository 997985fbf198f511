from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "sparkops.home"
    label = "home"
