"""The demo app: its commands are `demo`, `test` and the steps they run."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "sparkops.demo"
