from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from horetsu_site.embedded.valkey import Valkey


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A running server below a folder with a Japanese name."""
    folder = tmp_path / "惚れ通"
    folder.mkdir()
    made = Valkey(folder / "valkey", sockets=folder, log=folder / "valkey.log")
    made.start()
    yield made
    made.stop()


def test_the_url_leads_to_it(valkey: Valkey) -> None:
    with redis.Redis.from_url(valkey.url) as client:
        assert client.ping()


def test_what_was_queued_is_there_after_a_stop(valkey: Valkey) -> None:
    with redis.Redis.from_url(valkey.url) as client:
        client.lpush("queue", "bell")

    valkey.stop()
    valkey.start()

    with redis.Redis.from_url(valkey.url) as client:
        assert client.lrange("queue", 0, -1) == [b"bell"]


def test_it_starts_again_after_a_crash(valkey: Valkey) -> None:
    valkey.crash()

    valkey.start()

    with redis.Redis.from_url(valkey.url) as client:
        assert client.ping()


def test_a_server_left_behind_is_ended_before_two_write_one_file(valkey: Valkey) -> None:
    left_behind = valkey.process
    again = Valkey(valkey.folder, sockets=valkey.socket.parent, log=valkey.log)

    again.start()

    assert left_behind
    assert left_behind.wait() == 0
    valkey.process = again.process


def test_when_full_it_refuses_and_forgets_nothing(valkey: Valkey) -> None:
    with redis.Redis.from_url(valkey.url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    wrong = Valkey(tmp_path, sockets=tmp_path / "missing", log=tmp_path / "valkey.log")

    with pytest.raises(RuntimeError, match=r"(?i)no such file"):
        wrong.start()
