from django.apps import AppConfig


class TakeoutConfig(AppConfig):
    name = "sparkops.takeout"
    label = "takeout"
