from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sparkops.accounts"
    label = "accounts"
