from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from crm import handlers, holdings  # noqa: F401  (each kind of work finds its handler)
        from crm.shops.accounts import journal
        from crm.tenancy.grants import grant_to_app_role

        journal.listen()
        post_migrate.connect(grant_to_app_role, sender=self)
