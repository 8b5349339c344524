"""The migrations say what the models say, and run on the oldest PostgreSQL we promise."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from horetsu_site.embedded import disguise, procs

ROOT = Path(__file__).resolve().parent.parent
OLDEST = Path("/usr/lib/postgresql/15/bin")  # where Debian 12 puts it


@pytest.mark.django_db
def test_no_model_waits_for_a_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.fixture
def oldest_postgresql(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A PostgreSQL 15 of its own, as the environment that names it."""
    if not (OLDEST / "postgres").exists():
        pytest.skip("PostgreSQL 15 is not on this machine")
    cloak = disguise.choose()
    data, log = tmp_path / "data", tmp_path / "log"
    os.chown(tmp_path, cloak.file_owner, -1)
    with log.open("wb") as out:
        making = procs.spawn(
            [OLDEST / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
             "--no-sync", "--no-locale"],
            log=out, disguise=cloak.put_on,
        )  # fmt: skip
        assert making.wait() == 0, log.read_text()
        server = procs.spawn(
            [OLDEST / "postgres", "-D", data, "-c", "listen_addresses=",
             "-c", f"unix_socket_directories={tmp_path}", "-c", "fsync=off"],
            log=out, disguise=cloak.put_on,
        )  # fmt: skip
    try:
        _sql_when_it_answers(
            tmp_path,
            server,
            "CREATE ROLE horetsu_owner LOGIN CREATEDB",
            "CREATE ROLE horetsu_app LOGIN",
            "CREATE DATABASE horetsu OWNER horetsu_owner",
        )
        yield {
            "DATABASE_URL": f"postgresql://horetsu_app@/horetsu?host={tmp_path}",
            "DATABASE_OWNER_URL": f"postgresql://horetsu_owner@/horetsu?host={tmp_path}",
        }
    finally:
        procs.kill(server)


def test_the_oldest_postgresql_takes_every_migration_and_gives_it_back(oldest_postgresql):
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command as call\n"
        "from crm.tenancy.checks import require_app_role\n"
        "call('migrate', database='owner', verbosity=0)\n"
        "require_app_role()\n"
        "call('migrate', 'surveys', 'zero', database='owner', verbosity=0)\n"
        "call('migrate', 'crm', '0001', database='owner', verbosity=0)\n"
        "call('migrate', database='owner', verbosity=0)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | oldest_postgresql | {"DJANGO_SETTINGS_MODULE": "horetsu_site.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def _sql_when_it_answers(folder: Path, server: "subprocess.Popen[bytes]", *sql: str) -> None:
    for _ in range(200):
        try:
            connection = psycopg.connect(
                host=str(folder), user="postgres", dbname="postgres", autocommit=True
            )
        except psycopg.OperationalError:
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
            continue
        with connection:
            for statement in sql:
                connection.execute(statement)
        return
    raise AssertionError("PostgreSQL 15 did not answer")
