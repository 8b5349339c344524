import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from tests import plugin

Usage = namedtuple("Usage", ["total", "used", "free"])


def test_the_folder_of_a_run_that_was_killed_is_removed_and_that_of_a_living_one_is_not(
    tmp_path: Path,
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    killed, living = (tmp_path / f"horetsu-test-{pid}-x" for pid in (ended.pid, os.getpid()))
    for folder in (killed, living):
        (folder / "postgres").mkdir(parents=True)

    plugin._remove_leftovers(tmp_path)

    assert not killed.exists()
    assert living.exists()


@pytest.mark.parametrize(("free", "uses_memory"), [(64 * 1024**2, False), (8 * 1024**3, True)])
def test_memory_is_used_only_where_there_is_enough_of_it(
    monkeypatch: pytest.MonkeyPatch, free: int, uses_memory: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(free, 0, free))
    monkeypatch.setattr(os, "access", lambda path, mode: True)

    assert (plugin._roomy_folder() == Path("/dev/shm")) is uses_memory


def test_without_a_browser_nothing_is_named_and_a_required_one_is_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("HORETSU_REQUIRE_BROWSER", raising=False)

    plugin._name_browser()

    assert "CHROMIUM" not in os.environ
    monkeypatch.setenv("HORETSU_REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.UsageError, match="no Chromium"):
        plugin._name_browser()
