"""What the tests need around them: a home with servers, a browser, a word on what was left out.

Loaded by `-p tests.plugin` in pyproject.toml, so bare `pytest` works too. Servers
named by `DATABASE_URL`, `DATABASE_OWNER_URL` and `REDIS_URL` are used as they are.
"""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from horetsu_site import prepare
from horetsu_site.embedded import procs
from horetsu_site.embedded.postgres import OWNER_ROLE, THROW_AWAY, Postgres
from horetsu_site.embedded.valkey import Valkey

_BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
_ROOM_NEEDED = 1024**3  # a container's /dev/shm is often 64 MB only
_PREFIX = "horetsu-test-"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--faults", action="store_true", help="also run the tests that kill and freeze processes"
    )


@pytest.hookimpl(wrapper=True)  # a wrapper runs before pytest-django's own hook
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    is_worker = "PYTEST_XDIST_WORKER" in os.environ  # it inherits what the first process set
    if not is_worker:
        _name_browser()
        _make_home(early_config)
        prepare.texts()  # before Django reads the catalogue: it keeps what it read
    result = yield
    if not is_worker and early_config.pluginmanager.has_plugin("django"):
        prepare.pages()
    return result


def _name_browser() -> None:
    """Leave a Chromium's path in `CHROMIUM`, where there is one."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found:
        os.environ["CHROMIUM"] = found
    elif os.environ.get("HORETSU_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError("HORETSU_REQUIRE_BROWSER=1, and there is no Chromium.")


def _make_home(config: pytest.Config) -> None:
    """A home that lasts as long as the run, with the servers that the environment does not name."""
    parent = _roomy_folder()
    _remove_leftovers(parent)
    home = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
    config.add_cleanup(lambda: shutil.rmtree(home))
    os.environ.update(HORETSU_LOCAL="1", HORETSU_HOME=str(home), SECRET_KEY="a key for tests only")
    if "DATABASE_URL" not in os.environ:
        postgres = Postgres(
            home / "postgres", sockets=home, log=home / "postgres.log", settings=THROW_AWAY
        )
        config.add_cleanup(postgres.stop)
        postgres.start()
        os.environ["DATABASE_URL"] = postgres.url()
        os.environ["DATABASE_OWNER_URL"] = postgres.url(OWNER_ROLE)
    if "REDIS_URL" not in os.environ:
        valkey = Valkey(home / "valkey", sockets=home, log=home / "valkey.log")
        config.add_cleanup(valkey.stop)
        valkey.start()
        os.environ["REDIS_URL"] = valkey.url


def _roomy_folder() -> Path:
    """Memory, where there is enough of it; else the usual place for temporary files."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM_NEEDED:
        return memory
    return Path(tempfile.gettempdir())


def _remove_leftovers(parent: Path) -> None:
    """A run that was killed could not clean up, and in /dev/shm that is memory."""
    for folder in parent.glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if folder.stat().st_uid == os.geteuid() and not procs.identity(int(pid)):
            shutil.rmtree(folder)


# --- What is left out, and saying so -----------------------------------------------------------


@pytest.hookimpl(wrapper=True)  # a wrapper runs before xdist's own hook, which reads the groups
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    wants_faults = config.getoption("--faults") or os.environ.get("HORETSU_FAULTS") == "1"
    for item in items:
        if item.get_closest_marker("faults"):
            item.add_marker(pytest.mark.xdist_group("faults"))  # one at a time
            if not wants_faults:
                item.add_marker(pytest.mark.skip(reason="faults: wanted with --faults only"))
        if item.get_closest_marker("faults") or item.get_closest_marker("browser"):
            # Many processes on a machine that others share: one more try, and it is told.
            item.add_marker(pytest.mark.flaky(reruns=1))
        if item.get_closest_marker("browser") and "CHROMIUM" not in os.environ:
            item.add_marker(pytest.mark.skip(reason="no Chromium found; CHROMIUM can name one"))
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    if reasons:
        terminalreporter.section("left out")
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} × {reason.removeprefix('Skipped: ')}")
    if again := terminalreporter.stats.get("rerun", []):
        terminalreporter.section("failed at first, and were tried once more")
        for report in again:
            terminalreporter.write_line(report.nodeid)
    if failed := os.environ.get("HORETSU_FAILED_CHECKS"):
        terminalreporter.section("checks that failed before the tests", red=True)
        terminalreporter.write_line(failed)
