import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from horetsu_site import up
from horetsu_site.embedded.claim import Claim
from horetsu_site.embedded.home import Home
from horetsu_site.programs import Program

ENDS_AT_ONCE = Program("web", [sys.executable, "-c", "print('reason'); raise SystemExit(3)"])
STAYS = Program("web", [sys.executable, "-c", "import time; time.sleep(600)"])


class Clock:
    """In place of the module `time`: an hour passes only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(up, "time", made)
    return made


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.make()
    return made


def end(keeper: up.Keeper) -> None:
    assert keeper.process
    keeper.process.wait()


def test_a_program_that_ends_while_the_site_starts_stops_the_start(home: Home) -> None:
    keeper = up.Keeper(ENDS_AT_ONCE, home.logs, {})
    keeper.check(may_restart=False)
    end(keeper)

    with pytest.raises(up.Fallen, match=r"web ended\.\nreason"):
        keeper.check(may_restart=False)


def test_later_it_is_started_again_each_time_after_a_longer_wait_and_not_for_ever(
    home: Home, clock: Clock
) -> None:
    keeper = up.Keeper(ENDS_AT_ONCE, home.logs, {})
    assert keeper.check(may_restart=True)

    for wait in (0.5, 1, 2, 4, 8):
        end(keeper)
        assert not keeper.check(may_restart=True)
        clock.now += wait - 0.1
        assert not keeper.check(may_restart=True)
        clock.now += 0.1
        assert keeper.check(may_restart=True)
    end(keeper)

    with pytest.raises(up.Fallen, match="5 times within a minute"):
        keeper.check(may_restart=True)


def test_ends_of_more_than_a_minute_ago_are_forgotten(home: Home, clock: Clock) -> None:
    keeper = up.Keeper(ENDS_AT_ONCE, home.logs, {})
    keeper.check(may_restart=True)

    for _ in range(20):
        end(keeper)
        keeper.check(may_restart=True)
        clock.now += 61
        assert keeper.check(may_restart=True)

    end(keeper)


def test_a_stopped_program_is_gone_and_the_next_look_starts_it_anew(home: Home) -> None:
    keeper = up.Keeper(STAYS, home.logs, {})
    keeper.check(may_restart=True)
    first = keeper.process

    keeper.stop()

    assert first
    assert first.returncode == -signal.SIGTERM
    assert keeper.identity() is None
    assert keeper.check(may_restart=True)
    assert keeper.identity()
    keeper.stop()


def test_two_bad_heartbeats_in_a_row_are_a_hang_and_one_is_not(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = up.Watch(port=1)
    answers = iter(["stale", "ok", "stale", "stale", "none yet", "none yet", "ok"])
    monkeypatch.setattr(watch, "_ask", lambda path: {"heartbeat": next(answers)})

    found = []
    for _ in range(7):
        clock.now += up._WATCH_EVERY
        found.append(watch.finds_a_hang())

    assert found == [False, False, False, True, False, True, False]


def test_between_two_looks_nothing_is_asked(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = up.Watch(port=1)
    monkeypatch.setattr(watch, "_ask", lambda path: pytest.fail("asked too early"))

    clock.now += up._WATCH_EVERY - 1

    assert not watch.finds_a_hang()


def test_pages_that_do_not_answer_are_not_taken_for_a_hang(clock: Clock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
    watch = up.Watch(port)

    assert not watch.page_answers()
    clock.now += 60
    assert not watch.finds_a_hang()


def test_a_second_start_says_what_already_runs_where(home: Home) -> None:
    first = Claim.take(home.root, what="script/server")
    assert first
    first.tell(environment={"BASE_URL": "http://127.0.0.1:8003"})

    with pytest.raises(SystemExit, match=r"already runs in .*: http://127.0.0.1:8003, process \d+"):
        up._take_claim(home)

    first.release()


@pytest.fixture
def taken_port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.delenv("PORT", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_without_a_chosen_port_the_next_free_one_is_taken(
    taken_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up, "_PORTS", [taken_port, 0])

    with up._listen() as listener:
        assert listener.getsockname()[1] != taken_port


def test_a_chosen_port_that_is_taken_is_not_replaced(
    taken_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(taken_port))

    with pytest.raises(up.Fallen, match="No port to listen on"):
        up._listen()


@pytest.mark.parametrize("wrong", ["eighty", "-1", "8000.5", "65536"])
def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("PORT", wrong)

    with pytest.raises(up.Fallen, match=f"not '{wrong}'"):
        up._listen()


def test_pages_are_reached_from_this_machine_only() -> None:
    with up._listen() as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
