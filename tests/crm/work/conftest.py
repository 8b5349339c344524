import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from crm.work import bell, registry

Register = Callable[[registry.Handler], None]


class Recorder:
    """Stands where Celery's app is, and keeps what it was asked to send."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def send_task(self, name: str, args: list[str]) -> None:
        assert name == "crm.work.sweep"
        self.rung.extend(args)


@pytest.fixture(autouse=True)
def broker(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(bell, "current_app", recorder)
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    return recorder


@pytest.fixture(autouse=True)
def chore(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Registers a function as what does the kind "chore"; until then it is nothing at all."""
    monkeypatch.setitem(registry.handlers, "chore", lambda ref: None)
    return lambda function: monkeypatch.setitem(registry.handlers, "chore", function)


def _with_own_connection(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    finally:
        connection.close()


@pytest.fixture
def elsewhere() -> Callable[..., Any]:
    """Runs a function to its end in a connection of its own, as another worker would."""

    def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(_with_own_connection, function, *args, **kwargs).result()

    return call


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Runs functions at the same moment, each in a connection of its own; their results."""

    def call(*functions: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(functions))

        def wait_and_call(function: Callable[[], Any]) -> Any:
            start.wait()
            return function()

        with ThreadPoolExecutor(len(functions)) as pool:
            running = [pool.submit(_with_own_connection, wait_and_call, f) for f in functions]
            return [future.result() for future in running]

    return call
