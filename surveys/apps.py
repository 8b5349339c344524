from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from surveys import tasks  # noqa: F401  (each kind of work finds its handler)
