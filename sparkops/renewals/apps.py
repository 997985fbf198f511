from django.apps import AppConfig


class RenewalsConfig(AppConfig):
    name = "sparkops.renewals"
    label = "renewals"
