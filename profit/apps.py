from django.apps import AppConfig


class ProfitConfig(AppConfig):
    name = "profit"
    label = "profit"
