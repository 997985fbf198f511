from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sparkops.accounts"
    label = "accounts"

    def ready(self) -> None:
        from sparkops.accounts import journal

        journal.begin()
