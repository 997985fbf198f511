from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "sparkops.reports"
    label = "reports"
