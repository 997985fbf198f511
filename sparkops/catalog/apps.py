from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "sparkops.catalog"
    label = "catalog"
