from django.apps import AppConfig


class TalkConfig(AppConfig):
    name = "sparkops.talk"
    label = "talk"
