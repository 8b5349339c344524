from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from surveys import holdings, tasks  # noqa: F401  (what they say is found once imported)
