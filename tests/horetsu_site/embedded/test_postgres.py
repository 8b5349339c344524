import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from horetsu_site.embedded import disguise
from horetsu_site.embedded.postgres import OWNER_ROLE, THROW_AWAY, Postgres


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A cluster of this file's own, below a folder with a Japanese name."""
    made = cluster(tmp_path_factory.mktemp("惚れ通"), settings=THROW_AWAY)
    made.start()
    yield made
    made.stop()


def cluster(folder: Path, settings: dict[str, str]) -> Postgres:
    sockets = folder / "s"
    sockets.mkdir()
    return Postgres(folder / "pg", sockets=sockets, log=folder / "postgres.log", settings=settings)


def ask(postgres: Postgres, query: str) -> tuple[object, ...]:
    """The first row of the answer, as the owner role sees it."""
    with psycopg.connect(postgres.url(OWNER_ROLE), autocommit=True) as connection:
        return connection.execute(query).fetchone() or ()


def keep_a_row(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url(OWNER_ROLE), autocommit=True) as connection:
        connection.execute("create table kept as select 1 as one")


def test_neither_role_is_above_the_walls(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url()) as connection:
        roles = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreatedb from pg_roles"
            " where rolname like 'horetsu%' order by rolname"
        ).fetchall()

    assert roles == [
        ("horetsu_app", False, False, False),
        ("horetsu_owner", False, False, True),
    ]


def test_the_app_role_may_make_temporary_tables_and_no_others(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url()) as connection:
        connection.execute("create temporary table staged (line text)")

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table kept (line text)")


def test_searching_sees_japanese(postgres: Postgres) -> None:
    """With the C locale of the C library the likeness would be 0."""
    with psycopg.connect(postgres.url(OWNER_ROLE), autocommit=True) as connection:
        connection.execute("create extension pg_trgm")

    likeness = ask(postgres, "select similarity('とても良い商品', 'とても良い商品です') > 0.6")
    letters = ask(postgres, r"select lower('ＡÀ'), 'あ' ~ '\w'")

    assert likeness == (True,)
    assert letters == ("ａà", True)


def test_a_pid_file_with_the_pid_of_a_living_process_does_not_hinder_the_start(
    postgres: Postgres,
) -> None:
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n")

    postgres.start()

    assert ask(postgres, "select 1") == (1,)


def test_a_server_left_behind_is_ended_and_its_data_are_there(postgres: Postgres) -> None:
    keep_a_row(postgres)
    left_behind = postgres.process
    again = Postgres(
        postgres.folder, sockets=postgres.sockets, log=postgres.log, settings=THROW_AWAY
    )

    again.start()

    assert left_behind
    assert left_behind.wait() == 0
    assert ask(again, "select one from kept") == (1,)
    postgres.process = again.process


def test_half_a_cluster_is_never_taken_for_one(tmp_path: Path) -> None:
    fresh = cluster(tmp_path, settings=THROW_AWAY)
    (fresh.folder / "unfinished").mkdir(parents=True)
    (fresh.folder / "unfinished" / "PG_VERSION").write_text("18\n")

    fresh.start()

    try:
        assert ask(fresh, "select 1") == (1,)
    finally:
        fresh.stop()


def test_what_was_committed_survives_a_crash(tmp_path: Path) -> None:
    durable = cluster(tmp_path, settings={})
    durable.start()
    keep_a_row(durable)

    durable.crash()
    durable.start()

    try:
        assert ask(durable, "select one from kept") == (1,)
    finally:
        durable.stop()


def test_data_of_another_major_version_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    old = cluster(tmp_path, settings=THROW_AWAY)
    old.data.mkdir(parents=True)
    (old.data / "PG_VERSION").write_text("17\n")

    with pytest.raises(RuntimeError, match="written by PostgreSQL 17, but 18"):
        old.start()

    assert [path.name for path in old.data.iterdir()] == ["PG_VERSION"]


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    wrong = cluster(tmp_path, settings={"max_connections": "none"})

    with pytest.raises(RuntimeError, match="max_connections"):
        wrong.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a disguise")
def test_without_user_namespaces_root_becomes_nobody_below_a_folder_of_root_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disguise, "_works", lambda put_on: False)
    (tmp_path / "closed").mkdir(mode=0o700)
    hidden = cluster(tmp_path / "closed", settings=THROW_AWAY)

    hidden.start()

    try:
        assert hidden.process
        running_as = Path(f"/proc/{hidden.process.pid}").stat().st_uid
        assert running_as == hidden.data.stat().st_uid != 0
        assert ask(hidden, "select 1") == (1,)
    finally:
        hidden.stop()
