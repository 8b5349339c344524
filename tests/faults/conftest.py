from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from crm.shops.models import Shop
from crm.work import bell
from crm.work.registry import handlers
from tests.factories import make_shop
from tests.faults.harness import Engine


@pytest.fixture(scope="session")
def one_engine(django_db_blocker: Any) -> Iterator[Engine]:
    engine = Engine(Path(settings.HOME) / "engine")
    with django_db_blocker.unblock():
        engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def engine(
    one_engine: Engine, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """A database and a broker with nothing in them, to which this test's Django is connected."""
    one_engine.reset()
    monkeypatch.setattr(bell, "current_app", one_engine.celery)
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    for kind in ("tally", "perilous", "freezing", "nightly"):  # done by the workers (app.py)
        monkeypatch.setitem(handlers, kind, lambda ref: None)
    with django_db_blocker.unblock(), one_engine.connected():
        yield one_engine
    one_engine.end_programs()


@pytest.fixture
def tea_shop(engine: Engine) -> Shop:
    return make_shop("otonari")
