"""Gives the tests their own PostgreSQL and Valkey, before Django reads its settings.

Loaded by `-p tests.plugin` in pyproject.toml, so bare `pytest` works too. With
`DATABASE_URL` set nothing is started and the tests use the servers named there.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from horetsu_site.embedded.postgres import OWNER_ROLE, THROW_AWAY, Postgres
from horetsu_site.embedded.valkey import Valkey

_ROOM_NEEDED = 1024**3  # a container's /dev/shm is often 64 MB only


@pytest.hookimpl(wrapper=True)  # a wrapper runs before pytest-django's own hook
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    is_worker = "PYTEST_XDIST_WORKER" in os.environ  # it inherits what the first process set
    if not is_worker and "DATABASE_URL" not in os.environ:
        _start_servers(early_config)
    return (yield)


def _start_servers(config: pytest.Config) -> None:
    home = Path(tempfile.mkdtemp(prefix="horetsu-test-", dir=_fast_folder()))
    config.add_cleanup(lambda: shutil.rmtree(home))
    postgres = Postgres(
        home / "postgres", sockets=home, log=home / "postgres.log", settings=THROW_AWAY
    )
    valkey = Valkey(home / "valkey", sockets=home, log=home / "valkey.log")
    for server in (postgres, valkey):
        config.add_cleanup(server.stop)
        server.start()
    os.environ.update(
        HORETSU_LOCAL="1",
        HORETSU_HOME=str(home),
        SECRET_KEY="a key for tests only",
        DATABASE_URL=postgres.url(),
        DATABASE_OWNER_URL=postgres.url(OWNER_ROLE),
        REDIS_URL=valkey.url,
    )


def _fast_folder() -> str | None:
    """Memory, where there is enough of it; else the usual place for temporary files."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM_NEEDED:
        return str(memory)
    return None
