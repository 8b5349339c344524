"""What an answer costs through the whole site, against a bare Django form that inserts one row.

    script/bench answers [ANSWERS]

One operation is GET the page, then POST it until stored, by eight clients at once. The two
sites take turns on the same PostgreSQL (durable: synchronous commit, fsync) behind the same
gunicorn, so that the ratio holds on a noisy machine. Goal: at least 0.6.
"""

import http.client
import os
import re
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg

from benchmarks.servers import servers
from horetsu_site.embedded import procs
from horetsu_site.embedded.postgres import APP_ROLE

CLIENTS = 8
ROUNDS = 4
GOAL = 0.6
TABLE = "CREATE TABLE bench_answer (id bigserial PRIMARY KEY, score int, words text)"

Operation = Callable[[http.client.HTTPConnection, str], None]


@dataclass
class Result:
    name: str
    seconds: float
    times: list[float]

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the operations was done."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main(arguments: Sequence[str]) -> None:
    answers = int(arguments[0]) if arguments else 2000
    with tempfile.TemporaryDirectory(prefix="horetsu-bench-") as folder, servers(Path(folder)):
        _make_bare_table()
        paths = _prepare(answers)
        bare_paths = [f"/a/{number}/" for number in range(answers)]
        with (
            _gunicorn("horetsu_site.wsgi", Path(folder)) as site,
            _gunicorn("benchmarks.bare_site:application", Path(folder)) as bare,
        ):
            ours, peers = _in_turns(
                ("this site", site, paths, _answer), ("bare form", bare, bare_paths, _fill_in)
            )
        _report(ours, peers)


def _in_turns(*sites: tuple[str, int, list[str], Operation]) -> list[Result]:
    results = [Result(name, 0, []) for name, *_ in sites]
    for turn in range(ROUNDS + 1):
        for result, (_, port, paths, operation) in zip(results, sites, strict=True):
            share = len(paths) // (ROUNDS + 1)
            seconds, times = _load(port, paths[turn * share : (turn + 1) * share], operation)
            if turn:  # the first turn warms up
                result.seconds += seconds
                result.times += times
    return results


def _load(port: int, paths: list[str], operation: Operation) -> tuple[float, list[float]]:
    """Do every path once, eight at a time; the wall time and each operation's own."""
    times: list[float] = []
    failures: list[BaseException] = []

    def client(mine: list[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            for path in mine:
                began = time.perf_counter()
                operation(connection, path)
                times.append(time.perf_counter() - began)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=client, args=(paths[n::CLIENTS],)) for n in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.perf_counter() - began, times


def _answer(connection: http.client.HTTPConnection, path: str) -> None:
    page = _ask(connection, "GET", path)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    _ask(connection, "POST", path, {**hidden, "score": "9", "words": WORDS})


def _fill_in(connection: http.client.HTTPConnection, path: str) -> None:
    _ask(connection, "GET", path)
    _ask(connection, "POST", path, {"score": "9", "words": WORDS})


WORDS = "急須の注ぎ口がとても使いやすく、毎朝のお茶が楽しみになりました。"


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    form: dict[str, str] | None = None,
) -> str:
    body = urlencode(form) if form else None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    text = response.read().decode()
    if response.status not in {200, 303}:
        raise RuntimeError(f"{method} {path}: {response.status}\n{text[:500]}")
    return text


def _make_bare_table() -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        connection.execute(TABLE)
        connection.execute(f"GRANT INSERT ON bench_answer TO {APP_ROLE}")
        connection.execute(f"GRANT ALL ON SEQUENCE bench_answer_id_seq TO {APP_ROLE}")


def _prepare(answers: int) -> list[str]:
    """A shop with as many open invitations; the paths of their links."""
    from benchmarks.invitations import make_invitations

    return [urlsplit(url).path for url in make_invitations(answers)]


@contextmanager
def _gunicorn(application: str, folder: Path) -> Iterator[int]:
    """The application behind the same server as in production; its port."""
    with socket.socket() as listener, (folder / "gunicorn.log").open("ab") as log:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        listener.set_inheritable(True)
        process = procs.spawn(
            [sys.executable, "-m", "gunicorn", f"--bind=fd://{listener.fileno()}",
             "--worker-class=gthread", "--workers=2", "--threads=4", "--no-control-socket",
             "--log-level=warning", application],
            log=log,
            pass_fds=[listener.fileno()],
        )  # fmt: skip
        try:
            yield listener.getsockname()[1]
        finally:
            procs.end(process)


def _report(ours: Result, peer: Result) -> None:
    print(f"{'':12}{'per second':>12}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}{'n':>8}")
    for result in (ours, peer):
        p50, p95, p99 = (result.percentile(share) for share in (0.5, 0.95, 0.99))
        print(
            f"{result.name:12}{result.per_second:12.0f}{p50:10.1f}{p95:10.1f}{p99:10.1f}"
            f"{len(result.times):8}"
        )
    ratio = ours.per_second / peer.per_second
    verdict = "reached" if ratio >= GOAL else "not reached"
    print(f"\nthis site does {ratio:.2f} of what the bare form does (goal {GOAL}: {verdict})")


if __name__ == "__main__":
    main(sys.argv[1:])
