"""The programs a site consists of, each with its arguments, as one machine runs them.

Production starts the same programs with its own numbers (docs/operate.md).
"""

import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """What to run, and how it ends."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    inherits: Sequence[int] = ()  # file descriptors, such as a listening socket
    patience: float = 15  # seconds between SIGTERM and SIGKILL
    death_signal: signal.Signals = signal.SIGTERM  # what it gets when the supervisor is killed


def web(listener: int) -> Program:
    """The pages, on a listening socket that outlives a restart. Two processes of four threads."""
    return Program(
        "web",
        [
            *_module("gunicorn"),
            "--config=python:horetsu_site.serving",
            f"--bind=fd://{listener}",
            "--workers=2",
            "horetsu_site.wsgi",
        ],
        inherits=[listener],
    )


def worker() -> Program:
    """Does what is due. Unfinished work stands in its row and is done again at the next start."""
    return Program(
        "worker",
        [
            *_module("celery"),
            "--app=horetsu_site",
            "worker",
            "--concurrency=2",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
        ],
        environment={
            "REMAP_SIGTERM": "SIGQUIT",  # soft shutdown: a plain SIGTERM waits for ever
            "BROKER_SOCKET_TIMEOUT": "10",  # above the second its blocking read takes
            "STATEMENT_TIMEOUT": "60s",
        },
        death_signal=signal.SIGKILL,  # a soft shutdown would wait for a broker that is gone
    )


def beat() -> Program:
    """Rings the bell every 15 s. Nothing is kept between runs: the rows say what is due."""
    return Program(
        "beat",
        [
            *_module("celery"),
            "--app=horetsu_site",
            "beat",
            "--loglevel=WARNING",
            "--pidfile=",
            "--scheduler=celery.beat:Scheduler",
        ],
    )


def mailbox(listener: int, folder: Path) -> Program:
    """Receives the mails of a site that has no mail server."""
    argv = [*_module("horetsu_site.embedded.mailbox"), str(listener), str(folder)]
    return Program("mailbox", argv, inherits=[listener])


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", name]
