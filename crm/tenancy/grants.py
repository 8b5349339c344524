"""What the app role may do, given anew after every migration by the owner role."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections


def grant_to_app_role(using: str, **kwargs: Any) -> None:
    """Let the app role read and write rows, and on append-only tables only append.

    Never `GRANT ALL`: TRUNCATE ignores row-level security.
    """
    role = settings.DATABASES["default"]["USER"]
    if using != "owner" or role == settings.DATABASES["owner"]["USER"]:
        return
    connection = connections[using]
    app = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {app}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}"
        )
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {app}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {app}")
        there = connection.introspection.table_names(cursor)
        for model in apps.get_models():
            if model._meta.db_table not in there:
                continue
            # As TenantModel says; tables of no shop may say the same of themselves.
            table = connection.ops.quote_name(model._meta.db_table)
            changeable = getattr(model, "changeable", None)
            if not getattr(model, "is_removable", True):
                cursor.execute(f"REVOKE DELETE ON {table} FROM {app}")
            if changeable is not None:
                cursor.execute(f"REVOKE UPDATE ON {table} FROM {app}")
                columns = {each.name: str(each.column) for each in model._meta.local_fields}
                for field in changeable:
                    column = connection.ops.quote_name(columns[field])
                    cursor.execute(f"GRANT UPDATE ({column}) ON {table} TO {app}")
