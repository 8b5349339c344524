import pytest

from crm.shops.models import Shop
from crm.shops.slugs import propose_slug
from tests.factories import make_shop, make_user

pytestmark = pytest.mark.django_db


def proposed(name, address="miura@gmail.com"):
    return propose_slug(name=name, owner=make_user(address))


@pytest.mark.parametrize(
    ("name", "address", "slug"),
    [
        ("Next Door Tea", "a@gmail.com", "next-door-tea"),
        ("Café_Ōmi", "a@gmail.com", "cafe-omi"),
        ("おとなり茶舗", "miura@otonari-chaho.co.jp", "otonari-chaho"),
        ("おとなり茶舗", "miura@mail.otonari.jp", "otonari"),
        ("茶 Tea", "a@gmail.com", "tea"),
        ("new", "a@otonari.jp", "new-2"),
        ("a" * 60, "a@gmail.com", "a" * 34),
    ],
)
def test_the_word_comes_from_the_name_or_the_domain(name, address, slug):
    assert proposed(name, address) == slug


@pytest.mark.parametrize("address", ["a@gmail.com", "a@docomo.ne.jp", "a@icloud.com", "a@x.jp"])
def test_where_neither_says_anything_any_word_will_do(address):
    assert proposed("茶", address).startswith("shop-")


def test_a_word_that_is_taken_gets_a_number():
    make_shop("tea-house")
    make_shop("tea-house-2")

    assert proposed("Tea House") == "tea-house-3"


@pytest.mark.parametrize("name", ["Next Door Tea", "茶", "-_-", "..", "a/b", "9lives"])
def test_what_is_proposed_can_be_taken(name):
    slug = proposed(name)

    make_shop(slug)
    assert Shop.objects.filter(slug=slug).exists()
