"""create_shop and create_api_key, as an operator types them."""

import re

import pytest
from django.core.management import CommandError, call_command

from crm.shops.enums import Role
from crm.shops.models import ApiKey, AuditEntry, Membership, Shop, User
from crm.tenancy.door import tenant

pytestmark = pytest.mark.django_db

OWNER = "inoue@otonari.example"


def create(slug="otonari", **options):
    """Type the command with these options, and with something sensible for the others."""
    options = {"name": "おとなり茶舗", "timezone": "Asia/Tokyo", "owner": OWNER} | options
    call_command("create_shop", slug, *(f"--{name}={said}" for name, said in options.items()))


def test_a_new_shop_belongs_to_its_owner_who_can_sign_in_with_what_was_printed(capsys, client):
    create(owner="Inoue@Otonari.example ")

    shop = Shop.objects.get(slug="otonari")
    assert (shop.name, shop.time_zone, shop.locale, shop.currency) == (
        "おとなり茶舗", "Asia/Tokyo", "ja", "JPY",
    )  # fmt: skip
    assert Membership.objects.get(shop=shop).role == Role.OWNER
    (password,) = re.findall(r"[\w-]{20}$", capsys.readouterr().out.strip())
    assert client.login(username=OWNER, password=password)


def test_language_and_currency_can_be_chosen():
    create(locale="en", currency="usd")

    shop = Shop.objects.get(slug="otonari")
    assert (shop.locale, shop.currency) == ("en", "USD")


def test_who_has_an_account_keeps_their_password(capsys):
    User.objects.create_user(OWNER, "correct horse battery")

    create()

    assert User.objects.get().check_password("correct horse battery")
    assert OWNER in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "otonari"},
        {"slug": "new"},
        {"slug": "o tonari"},
        {"owner": "nobody"},
        {"owner": "a\x00@example.com"},
        {"timezone": "Asia/Edo"},
        {"timezone": "localtime"},
        {"name": "茶\nBcc: a@b.example"},
        {"name": "茶" * 101},
        {"currency": "yens"},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_a_shop_that_cannot_be_opened_leaves_nothing_behind(wrong):
    create()

    with pytest.raises(CommandError, match=r"\w"):
        create(**({"slug": "tonari", "owner": "new@otonari.example"} | wrong))

    assert Shop.objects.count() == User.objects.count() == 1


def test_a_taken_word_is_said_by_its_name_in_whichever_case():
    create()

    with pytest.raises(CommandError, match="otonari"):
        create("Otonari")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ログイン"),
        ({"LANG": "en_GB.UTF-8"}, "Sign in as"),
        ({"LANG": "fr_FR.UTF-8"}, "Sign in as"),
        ({"LANG": "C.UTF-8"}, "Sign in as"),
        ({}, "Sign in as"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, "ログイン"),
    ],
    ids=str,
)
def test_the_terminal_is_spoken_to_in_its_language(said, words, monkeypatch, capsys):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)

    create()

    assert words in capsys.readouterr().out


def test_an_operators_deeds_are_written_down_too(shop):
    create("minato")
    call_command("create_api_key", shop="minato", name="kintone", scope="write")

    minato = Shop.objects.get(slug="minato")
    with tenant(minato):
        assert [(e.act, e.actor_name) for e in AuditEntry.objects.order_by("id")] == [
            ("shop.opened", ""),
            ("key.made", ""),
        ]


def test_what_is_wrong_is_said_with_its_name():
    with pytest.raises(CommandError, match=r"^slug: .+\ncurrency: "):
        create("new", currency="yens")


@pytest.mark.parametrize("typed", ["S", "s"])
def test_capitals_make_no_other_shop(typed, capsys):
    create("S")

    call_command("create_api_key", shop=typed, name="kintone")

    assert ApiKey.objects.get().shop.slug == "s"


def test_a_key_is_printed_once_and_only_its_digest_kept(shop, capsys):
    call_command("create_api_key", shop=shop.slug, name="kintone")

    key = capsys.readouterr().out.split()[-1]
    row = ApiKey.objects.get(shop=shop)
    assert row.name == "kintone"
    assert row.sha256 == ApiKey.digest(key)
    assert key.partition(".")[0] == row.prefix


@pytest.mark.parametrize(("slug", "name"), [("nowhere", "kintone"), ("otonari", "k" * 101)])
def test_no_key_is_made_for_an_unknown_shop_or_an_endless_name(shop, slug, name):
    with pytest.raises(CommandError, match=r"\w"):
        call_command("create_api_key", shop=slug, name=name)

    assert not ApiKey.objects.exists()
