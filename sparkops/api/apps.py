from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "sparkops.api"
    label = "api"
