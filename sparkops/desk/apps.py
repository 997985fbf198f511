from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "sparkops.desk"
    label = "desk"
