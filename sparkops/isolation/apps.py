from django.apps import AppConfig


class IsolationConfig(AppConfig):
    name = "sparkops.isolation"
    label = "isolation"

    def ready(self) -> None:
        from sparkops.isolation import checks  # noqa: F401 - registers the system checks
