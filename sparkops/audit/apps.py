from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "sparkops.audit"
    label = "audit"
