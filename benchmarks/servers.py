"""The servers that are measured on: a PostgreSQL as durable as in production, and a Valkey."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from horetsu_site.embedded.postgres import APP_ROLE, OWNER_ROLE, Postgres
from horetsu_site.embedded.valkey import Valkey


@contextmanager
def servers(folder: Path) -> Iterator[None]:
    """Both running in this folder, and named to the site by the environment."""
    postgres = Postgres(folder / "postgres", sockets=folder, log=folder / "postgres.log")
    valkey = Valkey(folder / "valkey", sockets=folder, log=folder / "valkey.log")
    try:
        for server in (postgres, valkey):
            server.start()
        os.environ.update(
            HORETSU_LOCAL="1",
            HORETSU_HOME=str(folder),
            SECRET_KEY="a key for measuring",
            DATABASE_URL=postgres.url(APP_ROLE),
            DATABASE_OWNER_URL=postgres.url(OWNER_ROLE),
            REDIS_URL=valkey.url,
            DJANGO_SETTINGS_MODULE="horetsu_site.settings",
        )
        yield
    finally:
        valkey.stop()
        postgres.stop()
