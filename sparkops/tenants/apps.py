from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "sparkops.tenants"
    label = "tenants"
