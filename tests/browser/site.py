"""The whole site in real processes, as a browser and its shop's staff meet it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from horetsu_site.embedded import procs

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 240.0  # seconds for anything the site does by itself; it is never asserted upon

# Every moment and day the site remembers moves back, as if it had slept that long. The
# leases of work being done at this very moment are left alone.
TIME_PASSES = """
from django.db import connections
with connections["owner"].cursor() as cursor:
    cursor.execute(\"\"\"
        SELECT table_name,
               string_agg(format('%%1$I = %%1$I - make_interval(days => (:days))', column_name),
                          ', ')
          FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name ~ '^(crm|surveys)_'
           AND data_type IN ('timestamp with time zone', 'date')
           AND column_name <> 'lease_until' AND table_name <> 'crm_heartbeat'
         GROUP BY table_name
    \"\"\", [])
    for table, columns in cursor.fetchall():
        # By way of another century, so that no day meets one that has not moved yet.
        for days in (DAYS + 36500, -36500):
            cursor.execute(f'UPDATE "{table}" SET ' + columns.replace(":days", str(days)))
"""

# What became of every mail, for the one who reads of a test that failed.
MAILS = """
from django.db import connections
with connections["owner"].cursor() as cursor:
    cursor.execute("SELECT purpose, state, reason, due_at, sending_since FROM crm_mail ORDER BY id")
    for row in cursor.fetchall(): print(*row)
    cursor.execute("SELECT kind, ref, due_at, attempts, last_error FROM crm_work ORDER BY id")
    for row in cursor.fetchall(): print(*row)
    cursor.execute("SELECT now()")
    print(*cursor.fetchone())
"""


@dataclass
class Site:
    """A running site: where it is, and what its operator can type."""

    home: Path
    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str) -> str:
        """Run a command as script/manage does; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "horetsu_site.embedded.command", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def let_days_pass(self, days: int) -> None:
        """Let everything the site remembers be so many days longer ago."""
        self.manage("shell", "--no-imports", "-c", TIME_PASSES.replace("DAYS", str(days)))

    def mails_and_work(self) -> str:
        """The state of every mail, and what waits to be done."""
        return self.manage("shell", "--no-imports", "-c", MAILS)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(json.load(answer)["status"] == "ok")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


@contextmanager
def running_site(home: Path) -> Iterator[Site]:
    """Start everything script/server starts, in this folder; stop it in order at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    named_elsewhere = {"REDIS_URL", "EMAIL_URL", "BASE_URL"}
    environment = {name: v for name, v in os.environ.items() if name not in named_elsewhere}
    environment |= {"HORETSU_HOME": str(home), "PORT": str(port), "HORETSU_LOCAL": "1"}
    with _database_of_its_own() as addresses, (home / "output.log").open("wb") as log:
        environment |= addresses
        site = Site(home, port, environment)
        server = procs.spawn([sys.executable, "-m", "horetsu_site.up"], log=log, env=environment)
        try:
            wait_until(site.is_ready, lambda: (home / "output.log").read_text())
            yield site
        finally:
            procs.end(server, patience=60)


@contextmanager
def _database_of_its_own() -> Iterator[dict[str, str]]:
    """An empty database on the server of the tests, where the site opens no demo shop.

    To open one takes half a minute, and its three hundred people keep the workers busy.
    """
    name = f"browser_{os.getpid()}"
    server = psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)
    try:
        server.execute(f'CREATE DATABASE "{name}"')
        yield {
            variable: urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl()
            for variable in ("DATABASE_URL", "DATABASE_OWNER_URL")
        }
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        server.close()


def wait_until(is_so: object, story: object = None) -> None:
    """Return once `is_so()` holds; fail with `story()` when it never does."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise AssertionError(story() if story else "it did not happen")  # type: ignore[operator]
        time.sleep(0.25)
