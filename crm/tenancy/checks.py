"""What must be true of the database before this process serves anybody."""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

OLDEST_POSTGRESQL = 150000


def require_app_role() -> None:
    """Return when the app role is bound by row-level security; else ImproperlyConfigured.

    A role that is superuser, may bypass, or owns a table sees every shop whatever the
    policies say, and nobody would notice: the pages look the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT current_user, rolsuper, rolbypassrls,
                   EXISTS (SELECT 1 FROM pg_class
                            WHERE relowner = r.oid AND relkind IN ('r', 'p', 'v', 'm')),
                   has_schema_privilege(r.oid, 'public', 'CREATE'),
                   current_setting('server_version_num')::int
              FROM pg_roles r WHERE rolname = current_user
            """
        )
        name, is_super, may_bypass, is_owner, may_create, version = cursor.fetchone()
    faults = {
        "is a superuser": is_super,
        "may bypass row-level security": may_bypass,
        "owns tables": is_owner,
        "may create tables": may_create,
    }
    found = [words for words, is_so in faults.items() if is_so]
    if found:
        raise ImproperlyConfigured(
            f"The database role {name} of DATABASE_URL {' and '.join(found)}: "
            "it must own nothing and be bound by row-level security (docs/operate.md)."
        )
    if version < OLDEST_POSTGRESQL:
        raise ImproperlyConfigured(f"PostgreSQL 15 or newer is needed, this is {version}")
