from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "sparkops.outreach"
    label = "outreach"
