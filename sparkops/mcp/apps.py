from django.apps import AppConfig


class McpConfig(AppConfig):
    name = "sparkops.mcp"
    label = "mcp"
