"""The cache may go away at any moment; the site answers all the same."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.test import override_settings

from horetsu_site import cache as module
from horetsu_site.cache import SteadyCache

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def awake(monkeypatch):
    monkeypatch.setattr(module, "_silent_until", 0.0)


@pytest.fixture
def steady():
    cache = SteadyCache(AWAY, {})
    cache._memory.clear()
    return cache


def real():
    import horetsu_site.settings as settings

    return SteadyCache(settings.CACHES["default"]["LOCATION"], {"KEY_PREFIX": "test_cache"})


def test_with_redis_what_is_kept_is_kept_there():
    cache = real()
    cache.delete("tea")

    assert cache.add("tea", "houjicha", timeout=60)
    assert not cache.add("tea", "sencha", timeout=60)
    assert cache._redis.get("tea") == "houjicha"
    assert cache._memory.get("tea") is None
    cache.set("tea", "bancha", timeout=60)
    assert cache.touch("tea", 30)
    assert cache.get("tea") == "bancha"
    assert cache.delete("tea")


def test_without_redis_memory_takes_its_place(steady):
    assert steady.add("tea", "houjicha", timeout=60)
    assert not steady.add("tea", "sencha", timeout=60)
    assert steady.get("tea") == "houjicha"
    assert steady.get("sake", "none") == "none"


@pytest.mark.parametrize("place", ["redis", "memory"])
def test_of_sixty_who_count_at_once_each_counts_and_the_window_stays(place, steady):
    cache = real() if place == "redis" else steady
    cache.delete("asked")
    cache.add("asked", 0, timeout=3600)
    barrier = threading.Barrier(60)

    def count(_):
        barrier.wait()
        return cache.incr("asked")

    with ThreadPoolExecutor(60) as pool:
        counted = list(pool.map(count, range(60)))

    assert sorted(counted) == list(range(1, 61))
    if place == "redis":
        left = cache._redis._cache.get_client("asked").ttl(cache._redis.make_key("asked"))
        assert left > 600
    cache.delete("asked")


def test_what_ran_out_is_not_counted_on(steady):
    with pytest.raises(ValueError, match="asked"):
        steady.incr("asked")


def test_redis_is_left_alone_after_a_failure(steady, monkeypatch):
    asked = []
    monkeypatch.setattr(steady._redis, "get", lambda *args, **kwargs: asked.append(1) or _fail())

    for _ in range(5):
        steady.get("tea")

    assert len(asked) == 1
    monkeypatch.setattr(module, "_silent_until", 0.0)
    steady.get("tea")
    assert len(asked) == 2


@pytest.mark.django_db
def test_while_the_cache_is_away_pages_answer_and_guesses_are_still_counted(client):
    with override_settings(
        CACHES={"default": {"BACKEND": "horetsu_site.cache.SteadyCache", "LOCATION": AWAY}}
    ):
        caches["default"]._memory.clear()
        answers = [
            client.post("/login/", {"login": f"u{n}@example.com", "password": "a guess"})
            for n in range(40)
        ]

    assert {response.status_code for response in answers} == {200, 429}


def _fail():
    from redis.exceptions import ConnectionError

    raise ConnectionError
