import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from horetsu_site import health


@pytest.fixture
def ticked(db: None) -> None:
    beat(seconds_ago=0)


def beat(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_heartbeat (name, at)"
            " VALUES ('tick', now() - make_interval(secs => %s))"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [seconds_ago],
        )


def test_alive_asks_nothing_of_database_or_broker(client: Client) -> None:
    """No `db` here: a query would be an error."""
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.usefixtures("ticked")
def test_ready_when_database_broker_and_heartbeat_are_there(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "broker": "ok",
        "heartbeat": "ok",
    }


@pytest.mark.usefixtures("ticked")
def test_not_ready_without_a_broker_and_says_no_more_than_that(
    client: Client, settings: Settings
) -> None:
    settings.CACHES = {"default": {"LOCATION": "redis://:secret@127.0.0.1:1/1"}}

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unready",
        "database": "ok",
        "broker": "away",
        "heartbeat": "ok",
    }


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> None:
            raise health.DatabaseError("password of somebody")

    monkeypatch.setattr(health, "connection", Away())
    monkeypatch.setattr(health, "heartbeat_age", Away().cursor)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["heartbeat"]) == ("away", "unknown")
    assert "password" not in answer.text


@pytest.mark.parametrize(("seconds", "word"), [(110, "ok"), (130, "stale")])
@pytest.mark.django_db
def test_a_heartbeat_grows_stale_after_two_minutes(seconds: int, word: str) -> None:
    beat(seconds_ago=seconds)

    assert health.heartbeat() == word


@pytest.mark.django_db
def test_before_the_first_tick_there_is_no_heartbeat() -> None:
    assert health.heartbeat() == "none yet"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.usefixtures("ticked")
def test_only_looking_is_allowed_and_nothing_is_kept_by_a_cache(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert "no-store" in client.get(path).headers["Cache-Control"]
