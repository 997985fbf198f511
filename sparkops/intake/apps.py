from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "sparkops.intake"
    label = "intake"
