from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "sparkops.portal"
    label = "portal"
