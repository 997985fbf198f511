from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "sparkops.outbox"
    label = "outbox"
