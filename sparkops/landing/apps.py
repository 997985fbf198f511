from django.apps import AppConfig


class LandingConfig(AppConfig):
    name = "sparkops.landing"
    label = "landing"
