"""What holds at every address: looking changes nothing, and nonsense gets words, never a crash."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.factories import sign_in
from tests.fingerprints import fingerprint
from tests.routes import CASES, PATTERNS, Furnished, neighbours

pytestmark = pytest.mark.django_db

NAMES = sorted(CASES)

# Ready for the wire: NUL, a lone surrogate, half a letter, no letter at all; numbers that no
# column holds, that Python would not read, in other digits; paths, formats, keys; an endless word.
NONSENSE = [
    "%00", "a%00b", "%ED%A0%80", "%E3%81", "%FF%FE",
    "-1", "1e9", "9223372036854775807", "9223372036854775808", "9" * 40, "9" * 5000, "%EF%BC%91",
    "..%2f..%2fetc%2fpasswd", "%25s", "%7B0.x%7D", "'%22--", "1.mail.2", "9" * 15 + ".mail.1",
    "%E3%81%82" * 3000,
]  # fmt: skip
OTHER_BODIES = [
    ("application/json", b'{"score": "\\ud800"}'),
    ("application/json", b"[" * 100_000),
    ("application/json", b"\xff\xfe\x00"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\ncut off"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"words=a"),
    ("application/x-www-form-urlencoded", b"&".join(b"a=b" for _ in range(1000))),
    ("nonsense", b"\x00" * 100),
]
QUERY = ["after", "q", "lang", "next", "score", "receipt", "show", "cursor"]
TEN_MEGABYTES = b"a" * 10 * 1024**2


@pytest.fixture(scope="module", autouse=True)
def shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Furnished]:
    with django_db_blocker.unblock(), neighbours() as (ours, _theirs):
        yield ours


@pytest.fixture
def visitor(shop: Furnished) -> Client:
    """Somebody signed in who holds every key; a crash is an answer of 500 to them."""
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {shop.key}"})
    sign_in(client, shop.owner)
    return client


def assert_calm(response, asked):
    """No crash; and a refusal says something, but for a wrong method, which nobody types."""
    assert response.status_code < 500 or response.request["PATH_INFO"] == "/readyz", asked
    if response.status_code >= 400 and response.status_code != 405:
        assert response.content, asked


@pytest.mark.parametrize("name", NAMES)
def test_looking_changes_nothing(name, shop, visitor):
    before = fingerprint(shop.shop)

    for look in (visitor.get, visitor.head, visitor.get):
        look(shop.address(name))

    assert fingerprint(shop.shop) == before


@pytest.mark.parametrize("name", [name for name in NAMES if PATTERNS[name].pattern.converters])
def test_nonsense_in_an_address_finds_nothing(name, shop, visitor):
    for word in PATTERNS[name].pattern.converters:
        place = UUID(int=7) if isinstance(shop.words.get(word), UUID) else 7777777
        before, after = shop.address(name, **{word: place}).split(str(place))
        for nonsense in NONSENSE:
            response = visitor.generic(CASES[name].method, f"{before}{nonsense}{after}")

            assert_calm(response, (word, nonsense))
            assert response.status_code in {400, 404}, (word, nonsense)


@pytest.mark.parametrize("name", NAMES)
def test_nonsense_in_a_query_is_borne(name, shop, visitor):
    for nonsense in NONSENSE:
        query = "&".join(f"{word}={nonsense}" for word in QUERY)

        assert_calm(visitor.get(f"{shop.address(name)}?{query}"), nonsense)


@pytest.mark.parametrize("name", NAMES)
def test_nonsense_in_a_form_is_borne(name, shop, visitor):
    for nonsense in NONSENSE:
        body = "&".join(f"{word}={nonsense}" for word in CASES[name].body or ["anything"])
        response = visitor.post(
            shop.address(name), body, content_type="application/x-www-form-urlencoded"
        )

        assert_calm(response, nonsense)


@pytest.mark.parametrize("name", NAMES)
def test_a_body_of_any_other_shape_is_borne(name, shop, visitor):
    for content_type, body in OTHER_BODIES:
        asked = visitor.generic("POST", shop.address(name), body, content_type=content_type)

        assert_calm(asked, (content_type, body[:20]))


@pytest.mark.parametrize("name", [name for name in NAMES if CASES[name].body])
def test_ten_megabytes_are_refused(name, shop, visitor):
    before = fingerprint(shop.shop)
    for word in CASES[name].body:
        response = visitor.generic(
            "POST",
            shop.address(name),
            word.encode() + b"=" + TEN_MEGABYTES,
            content_type="application/x-www-form-urlencoded",
        )

        assert_calm(response, word)
        assert response.status_code == 413

    assert fingerprint(shop.shop) == before
