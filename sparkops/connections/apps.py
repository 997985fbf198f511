from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "sparkops.connections"
    label = "connections"
