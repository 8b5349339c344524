from django.apps import AppConfig


class DiagnosisConfig(AppConfig):
    name = "diagnosis"

    def ready(self) -> None:
        from diagnosis import holdings  # noqa: F401  (what it says is found once imported)
