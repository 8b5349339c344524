"""The test database as in production: migrated by the owner role, used through the app role."""

import os
from collections.abc import Iterator
from time import sleep
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import ProgrammingError, connections

from crm.shops.models import Shop, User
from tests import factories

# The same examples on every run, and no clock: a slow machine is no failure.
hypothesis.settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, max_examples=80
)
# For a change to the rule: HYPOTHESIS_PROFILE=hunt pytest tests/crm/stages (minutes).
hypothesis.settings.register_profile("hunt", deadline=None, database=None, max_examples=5000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure() -> None:
    # A real password hash costs half a second on purpose, and nearly every test has a user.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Who asks too often is counted in the cache; each process of the tests counts for itself.
    settings.CACHES["default"]["BACKEND"] = "django.core.cache.backends.locmem.LocMemCache"


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    from django.core.management import call_command

    owner, app = connections["owner"], connections["default"]
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    name = f"test_horetsu_{worker}" if worker else "test_horetsu"
    with django_db_blocker.unblock():
        _drop(owner, name)
        with owner._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'CREATE DATABASE "{name}"')
        for connection in (owner, app):
            connection.close()
            connection.settings_dict["NAME"] = name
        call_command("migrate", database="owner", verbosity=0)

    def empty(statements: list[str]) -> None:
        with psycopg.connect(**owner.get_connection_params()) as connection:
            for statement in statements:
                connection.execute(statement)

    # After a test with `transaction=True`: the app role itself may not empty a table.
    app.ops.execute_sql_flush = empty  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        for connection in (owner, app):
            connection.close()
        _drop(owner, name)


def _drop(owner: Any, name: str) -> None:
    """Remove a database; a process of PostgreSQL's own may be in it, and leaves by itself."""
    for patience in reversed(range(50)):
        try:
            with owner._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except ProgrammingError:  # "permission denied to terminate process"
            if not patience:
                raise
            sleep(0.2)


@pytest.fixture
def owner(db: None) -> User:
    return factories.make_user("owner@otonari.example")


@pytest.fixture
def shop(owner: User) -> Shop:
    """おとなり茶舗, the shop of the fixed cast, with its owner."""
    return factories.make_shop("otonari", owner=owner)


@pytest.fixture
def other_shop(db: None) -> Shop:
    """A shop whose people are strangers to ours."""
    return factories.make_shop("yosono", owner=factories.make_user("stranger@yosono.example"))
