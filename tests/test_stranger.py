"""The stranger: whoever knocks with another shop's words finds nothing, and moves nothing.

Generated from the site's addresses. What would be seen of the other shop is its `SECRET`,
which stands in every text of its rows; what would be moved shows in a hash of all its rows.
Each test is rolled back, so that all of them find the same two shops.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from crm.shops.access import MAY
from crm.shops.enums import Role, Scope
from crm.shops.services import issue_api_key
from tests.factories import NOON, make_member, sign_in
from tests.fingerprints import fingerprint
from tests.routes import (
    CASES,
    PATTERNS,
    SECRET,
    TOLD,
    Case,
    Furnished,
    neighbours,
    told,
    url_patterns,
)

pytestmark = pytest.mark.django_db

OF_MEMBERS = [name for name, case in CASES.items() if case.action]
WITH_IDS = [name for name in OF_MEMBERS if len(PATTERNS[name].pattern.converters) > 1]
OF_MACHINES = [name for name, case in CASES.items() if case.wants_key]
OF_LINKS = [name for name, case in CASES.items() if case.wants_link]
OF_QUIZZES = [name for name, case in CASES.items() if case.is_of_quiz]
OF_NOBODY = [
    name for name, case in CASES.items() if case == Case(method=case.method, body=case.body)
]


@pytest.fixture(scope="module", autouse=True)
def shops(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Furnished, Furnished]]:
    with django_db_blocker.unblock(), neighbours() as shops:
        yield shops


@pytest.fixture
def ours(shops: tuple[Furnished, Furnished]) -> Furnished:
    return shops[0]


@pytest.fixture
def theirs(shops: tuple[Furnished, Furnished]) -> Furnished:
    return shops[1]


@pytest.fixture
def owner(ours: Furnished, client: Client) -> Client:
    """Somebody signed in who may do everything in our shop, and nothing in theirs."""
    sign_in(client, ours.owner)
    return client


def ask(client, name, address, **headers):
    case = CASES[name]
    return getattr(client, case.method)(address, case.body, headers=headers)


@contextmanager
def unmoved(*shops: Furnished) -> Iterator[None]:
    """Nothing of these shops is changed in the meantime."""
    before = [fingerprint(each.shop) for each in shops]
    yield
    assert [fingerprint(each.shop) for each in shops] == before


def test_every_address_has_a_case_and_every_case_an_address():
    assert set(CASES) == {pattern.name for pattern in url_patterns()}


def test_every_page_of_a_shop_says_what_a_member_must_be_allowed_to_do():
    of_shops = {
        pattern.name: getattr(pattern.callback, "action", None)
        for pattern in url_patterns()
        if str(pattern.pattern).startswith("shops/")
    }

    assert of_shops == {name: CASES[name].action for name in OF_MEMBERS}


@pytest.mark.parametrize("name", OF_MEMBERS)
def test_who_may_gets_through(name, ours, owner):
    assert ask(owner, name, ours.address(name)).status_code in {200, 302}


@pytest.mark.parametrize("name", OF_MEMBERS)
def test_who_is_not_signed_in_is_asked_to_whether_the_shop_exists_or_not(name, theirs, client):
    with unmoved(theirs):
        known = ask(client, name, theirs.address(name))
        unknown = ask(client, name, theirs.address(name, slug="nowhere"))

    for response in (known, unknown):
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/login/?next=/shops/")


@pytest.mark.parametrize("name", OF_MEMBERS)
def test_a_member_of_another_shop_cannot_tell_a_shop_from_none(name, owner, theirs):
    with unmoved(theirs):
        known = ask(owner, name, theirs.address(name))
        unknown = ask(owner, name, theirs.address(name, slug="nowhere"))

    assert known.status_code == unknown.status_code == 404
    assert known.content == unknown.content


@pytest.mark.parametrize("name", WITH_IDS)
def test_another_shops_ids_are_as_unknown_as_those_of_nothing(name, owner, ours, theirs):
    with unmoved(ours, theirs):
        foreign = ask(owner, name, theirs.address(name, slug=ours.shop.slug))
        nothing = {word: 999_999 for word in PATTERNS[name].pattern.converters if word != "slug"}
        unknown = ask(owner, name, ours.address(name, **nothing))

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


@pytest.mark.parametrize("name", WITH_IDS)
def test_one_foreign_id_among_our_own_is_enough_to_find_nothing(name, owner, ours, theirs):
    for word in PATTERNS[name].pattern.converters:
        if ours.words[word] != theirs.words[word] and word != "slug":
            with unmoved(ours, theirs):
                response = ask(owner, name, ours.address(name, **{word: theirs.words[word]}))

            assert response.status_code == 404


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", OF_MEMBERS)
def test_a_role_that_may_not_is_refused_and_moves_nothing(name, role, ours, client):
    sign_in(client, make_member(ours.shop, role))
    if CASES[name].action in MAY[role]:
        assert ask(client, name, ours.address(name)).status_code in {200, 302}
        return

    with unmoved(ours):
        response = ask(client, name, ours.address(name))

    assert response.status_code == 403


@pytest.mark.parametrize("name", OF_MEMBERS)
def test_a_shop_named_anywhere_but_in_the_address_is_not_listened_to(name, owner, ours, theirs):
    smuggled = {"shop_id": theirs.shop.pk, "shop": theirs.shop.pk, "slug": theirs.shop.slug}
    query = "&".join(f"{word}={said}" for word, said in smuggled.items())
    case = CASES[name]

    with unmoved(theirs):
        response = getattr(owner, case.method)(
            f"{ours.address(name)}?{query}",
            {**case.body, **smuggled},
            headers={"X-Shop": theirs.shop.slug, "X-Shop-Id": str(theirs.shop.pk)},
            follow=True,
        )

    assert response.status_code == 200
    assert SECRET.encode() not in response.getvalue()


def by_key(shop: Furnished, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {shop.key}", **headers}


@pytest.mark.parametrize("name", OF_MACHINES)
def test_a_key_opens_its_own_shop_and_no_other(name, client, ours, theirs):
    for_theirs = {"shop_id": theirs.shop.pk, "shop": theirs.shop.slug}

    with unmoved(ours, theirs):
        response = client.get(
            ours.address(name), for_theirs, headers=by_key(ours, **{"X-Shop": theirs.shop.slug})
        )

    assert response.status_code == 200
    assert response.json()
    assert SECRET.encode() not in response.content


@pytest.mark.parametrize(
    "name", [name for name in OF_MACHINES if PATTERNS[name].pattern.converters]
)
def test_another_shops_ids_are_as_unknown_to_a_key_as_those_of_nothing(name, client, ours, theirs):
    (word,) = PATTERNS[name].pattern.converters

    with unmoved(ours, theirs):
        foreign = client.get(theirs.address(name), headers=by_key(ours))
        unknown = client.get(ours.address(name, **{word: 999_999}), headers=by_key(ours))

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


@pytest.mark.parametrize("name", TOLD)
def test_a_key_that_may_only_read_tells_nothing(name, client, ours):
    _row, key = issue_api_key(shop=ours.shop, name="reader", scope=Scope.READ)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "1"}

    with unmoved(ours):
        response = client.post(
            ours.address(name), told(name, ours), content_type="application/json", headers=headers
        )

    assert response.status_code == 403


@pytest.mark.parametrize("name", TOLD)
def test_what_a_machine_tells_moves_its_own_shop_alone(name, client, ours, theirs):
    headers = by_key(ours, **{"Idempotency-Key": name, "X-Shop": theirs.shop.slug})

    with unmoved(theirs):
        response = client.post(
            f"{ours.address(name)}?shop_id={theirs.shop.pk}",
            told(name, ours),
            content_type="application/json",
            headers=headers,
        )

    assert response.status_code == 201
    assert SECRET.encode() not in response.content


def test_a_fact_of_anothers_customer_is_refused(client, ours, theirs):
    with unmoved(ours, theirs):
        response = client.post(
            ours.address("api_touchpoints"),
            told("api_touchpoints", theirs) | {"external_id": "theirs"},
            content_type="application/json",
            headers=by_key(ours, **{"Idempotency-Key": "theirs"}),
        )

    assert response.status_code == 400


@pytest.mark.parametrize("name", OF_MACHINES)
def test_without_a_live_key_there_is_no_answer(name, client, ours):
    revoked, key = issue_api_key(shop=ours.shop, name="revoked")
    revoked.revoked_at = NOON
    revoked.save()

    for shown in ("", f"Bearer {key}", f"Bearer {ours.key}x", "Bearer é", f"Basic {ours.key}"):
        response = client.get(ours.address(name), headers={"Authorization": shown})

        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("name", OF_MACHINES)
def test_a_session_is_no_key(name, owner, ours):
    assert owner.get(ours.address(name)).status_code == 401


@pytest.mark.parametrize("name", OF_LINKS)
def test_a_link_that_was_touched_opens_nothing(name, client, ours, theirs):
    door = str(PATTERNS[name].pattern).partition("/")[0]
    link = theirs.links[door]
    said, _dot, signature = link.rpartition(".")
    of_another_door = next(other for word, other in theirs.links.items() if word != door)
    forged = [
        f"{said}.{ours.links[door].rpartition('.')[2]}",
        f"{ours.links[door].rpartition('.')[0]}.{signature}",
        link[:-1] + ("A" if link[-1] != "A" else "B"),
        said,
        of_another_door,
        "nothing",
    ]

    with unmoved(ours, theirs):
        answers = [ask(client, name, theirs.address(name, token=token)) for token in forged]

    assert {response.status_code for response in answers} == {404}
    assert len({response.content for response in answers}) == 1


@pytest.mark.parametrize("name", OF_LINKS)
def test_a_link_of_ours_moves_nothing_of_theirs(name, client, ours, theirs):
    with unmoved(theirs):
        response = client.post(
            f"{ours.address(name)}?shop_id={theirs.shop.pk}",
            {**CASES[name].body, "shop_id": theirs.shop.pk, "shop": theirs.shop.slug},
            headers={"X-Shop": theirs.shop.slug},
        )

    assert response.status_code < 500
    assert SECRET.encode() not in response.content


@pytest.mark.parametrize("name", OF_NOBODY)
def test_what_is_open_to_anybody_shows_and_moves_nothing_of_a_shop(name, client, theirs):
    with unmoved(theirs):
        response = ask(client, name, theirs.address(name))

    assert response.status_code != 500  # without a worker /readyz rightly says 503
    assert SECRET.encode() not in response.content


@pytest.mark.parametrize("name", OF_QUIZZES)
def test_a_quiz_shows_nothing_of_the_shop_that_runs_it_and_looking_moves_nothing(
    name, client, theirs
):
    with unmoved(theirs):
        response = client.get(theirs.address(name))

    assert response.status_code < 500
    assert SECRET.encode() not in response.content


@pytest.mark.parametrize("name", OF_QUIZZES)
def test_what_was_answered_elsewhere_is_unknown_to_a_shops_quiz(name, client, ours, theirs):
    foreign = theirs.address(name, slug=ours.shop.slug)
    if foreign == ours.address(name):  # the quiz itself, open to anybody
        return

    with unmoved(ours, theirs):
        response = ask(client, name, foreign)

    assert response.status_code == 404
