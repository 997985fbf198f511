from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "sparkops.hooks"
    label = "hooks"
