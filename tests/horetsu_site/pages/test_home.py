import pytest

from tests.factories import make_shop, make_user

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_what_this_is_and_may_sign_in(client):
    html = client.get("/").content.decode()

    assert "/login/" in html
    assert "/shops/" not in html


def test_somebody_signed_in_finds_their_shops_and_no_others(client, shop, other_shop, owner):
    client.force_login(owner)

    html = client.get("/").content.decode()

    assert "/shops/otonari/" in html
    assert "yosono" not in html


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_shops_asks_the_same_few_questions_however_long(
    number, client, django_assert_num_queries
):
    user = make_user()
    for _ in range(number):
        make_shop(owner=user)
    client.force_login(user)

    client.get("/")  # the first page of a session notes that it is in use
    with django_assert_num_queries(3):  # session, user, shops
        client.get("/")


@pytest.mark.parametrize(("language", "words"), [("ja", "お買い上げの"), ("en", "At which stage")])
def test_the_page_speaks_the_language_of_the_browser(language, words, client):
    assert words in client.get("/", headers={"Accept-Language": language}).content.decode()
