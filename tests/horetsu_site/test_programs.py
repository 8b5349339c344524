import sys
from pathlib import Path

import pytest

from horetsu_site import programs, serving

ALL = [
    programs.web(3),
    programs.worker(),
    programs.beat(),
    programs.mailbox(4, Path("/data/mailbox")),
]


@pytest.mark.parametrize("program", ALL, ids=lambda program: program.name)
def test_every_program_runs_by_our_own_python_and_needs_nothing_from_path(
    program: programs.Program,
) -> None:
    assert program.argv[:2] == [sys.executable, "-m"]


def test_the_paths_of_pages_are_not_logged_because_answer_tokens_stand_in_them() -> None:
    assert not [word for word in programs.web(3).argv if "access" in word]
    assert serving.accesslog is None


def test_pages_and_mailbox_are_reached_through_sockets_that_outlive_them() -> None:
    assert programs.web(3).inherits == [3]
    assert "--bind=fd://3" in programs.web(3).argv
    assert programs.mailbox(4, Path("/data/mailbox")).inherits == [4]


def test_the_worker_stops_softly_and_waits_longer_for_its_broker_than_a_page_does() -> None:
    environment = programs.worker().environment

    assert environment["REMAP_SIGTERM"] == "SIGQUIT"
    assert float(environment["BROKER_SOCKET_TIMEOUT"]) >= 10
