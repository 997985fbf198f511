from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sparkops.web"
    label = "web"
