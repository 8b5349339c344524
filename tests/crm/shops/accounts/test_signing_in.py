import pytest
from django.core import mail
from django.http import HttpResponseRedirect
from django.test import Client

from crm.shops.models import AccountEntry, User
from horetsu_site.middleware import OwnLanguage
from tests.crm.shops.accounts.conftest import PASSWORD, code_in_mail

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
    "https:evil.example", "\thttps://evil.example", "http://testserver@evil.example/",
]  # fmt: skip


def is_in(client):
    return client.get("/account/").status_code == 200


def test_somebody_new_signs_up_with_the_code_they_are_sent(client):
    sent = client.post(
        "/signup/?lang=en", {"email": "Aoi@minato.example", "password1": "asa no ocha 123"}
    )
    assert not is_in(client)

    confirmed = client.post(sent.headers["Location"], {"code": code_in_mail()})

    assert confirmed.headers["Location"] == "/"
    assert is_in(client)
    user = User.objects.get()
    assert (user.email, user.locale) == ("aoi@minato.example", "en")
    assert mail.outbox[0].subject == f"{code_in_mail()} is your code for Horetsu"


def test_the_language_a_guest_chose_goes_along_without_a_cookie():
    guest = Client(headers={"Accept-Language": "ja"})

    sent = guest.post(
        "/signup/?lang=en", {"email": "aoi@minato.example", "password1": "asa no ocha 123"}
    )
    code = guest.get(sent.headers["Location"])
    asked_to_sign_in = Client().get("/account/?lang=en")

    assert sent.headers["Location"] == "/signup/code/?lang=en"
    assert '<html lang="en">' in code.content.decode()
    assert 'href="/signup/?lang=en"' in code.content.decode()
    assert asked_to_sign_in.headers["Location"].endswith("&lang=en")
    assert asked_to_sign_in.headers["Location"].count("lang") == 2, "once in the page asked for"


def test_whoever_has_signed_in_reads_in_their_own_language_again(client, miura):
    signed_in = client.post("/login/?lang=en", {"login": miura.email, "password": PASSWORD})

    assert signed_in.headers["Location"] == "/"


def test_a_language_is_taken_to_no_other_site(rf):
    for elsewhere in ("https://evil.example/", "//evil.example/"):
        request = rf.get("/?lang=en")
        request.lang = "en"
        answer = OwnLanguage(lambda _, to=elsewhere: HttpResponseRedirect(to))(request)

        assert answer.headers["Location"] == elsewhere


def test_without_the_code_nobody_comes_in(client):
    client.post("/signup/", {"email": "aoi@minato.example", "password1": "asa no ocha 123"})

    tries = [client.post("/signup/code/", {"code": "WRNG-CODE"}) for _ in range(3)]
    late = client.post("/signup/code/", {"code": code_in_mail()})

    assert [each.status_code for each in tries] == [200, 200, 302]
    assert late.headers["Location"] == "/login/"
    assert not is_in(client)


def test_who_has_not_confirmed_their_address_does_not_come_in_by_the_password(client):
    client.post("/signup/", {"email": "aoi@minato.example", "password1": "asa no ocha 123"})

    other = Client()
    other.post("/login/", {"login": "aoi@minato.example", "password": "asa no ocha 123"})

    assert not is_in(other)


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("asa no ocha 123", True),
        ("あさのおちゃをいれますよ", True),
        ("a" * 128, True),
        (" spaces at both ends ", True),
        ("short", False),
        ("a" * 129, False),
        ("qwerty123456", False),
        ("aoi@minato.example", False),
        ("minato.example1", False),
    ],
)
def test_a_password_is_long_not_common_and_not_the_address(client, password, is_taken):
    client.post("/signup/", {"email": "aoi@minato.example", "password1": password})

    assert User.objects.exists() is is_taken
    assert not is_taken or User.objects.get().check_password(password)


def test_passwords_are_kept_by_a_hasher_that_takes_memory():
    from django.conf import settings as seen_by_tests

    import horetsu_site.settings as real

    assert real.PASSWORD_HASHERS[0].endswith("ScryptPasswordHasher")
    assert seen_by_tests.PASSWORD_HASHERS != real.PASSWORD_HASHERS, "made quick for tests only"


@pytest.mark.parametrize("next_page", ELSEWHERE)
def test_signing_in_and_out_leads_nowhere_else(miura, client, next_page):
    inside = client.post("/login/", {"login": miura.email, "password": PASSWORD, "next": next_page})
    outside = client.post("/logout/", {"next": next_page})

    assert inside.headers["Location"] == "/"
    assert outside.headers["Location"] == "/"


def test_signing_in_leads_to_the_page_that_was_asked_for(miura, client):
    asked = client.get("/shops/otonari/today/?after=3")
    response = client.post(asked.headers["Location"], {"login": miura.email, "password": PASSWORD})

    assert response.headers["Location"] == "/shops/otonari/today/?after=3"


def test_a_session_planted_before_signing_in_is_worth_nothing_after(miura, client, type_password):
    client.post("/signup/", {"email": "x@y.example", "password1": "asa no ocha 123"})
    planted = client.cookies["sessionid"].value

    client.post("/logout/")
    type_password()

    assert client.cookies["sessionid"].value != planted
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert not is_in(attacker)


def test_a_cookie_from_before_signing_out_is_worth_nothing_after(miura, client, type_password):
    type_password()
    cookie = client.cookies["sessionid"].value

    client.post("/logout/")

    copied = Client()
    copied.cookies["sessionid"] = cookie
    assert not is_in(copied)


def test_signing_in_with_a_code_instead_of_the_password(miura, client):
    client.post("/login/code/", {"email": miura.email})
    client.post("/login/code/confirm/", {"code": code_in_mail()})

    assert is_in(client)


def test_a_new_password_signs_out_everywhere_and_is_told_by_mail(miura, client, type_password):
    type_password()
    other = Client()
    other.post("/password/reset/", {"email": miura.email})
    other.post("/password/reset/code/", {"code": code_in_mail()})
    other.post("/password/reset/choose/", {"password1": "asa no ocha 123"})

    assert not is_in(client)
    assert not is_in(other), "the new password is asked for"
    miura.refresh_from_db()
    assert miura.check_password("asa no ocha 123")
    assert "変更" in mail.outbox[-1].subject or "changed" in mail.outbox[-1].subject


def test_a_code_for_a_new_password_is_good_once(miura, client):
    client.post("/password/reset/", {"email": miura.email})
    code = code_in_mail()
    client.post("/password/reset/code/", {"code": code})
    client.post("/password/reset/choose/", {"password1": "asa no ocha 123"})

    again = client.post("/password/reset/code/", {"code": code})

    assert again.headers["Location"] == "/login/"


def test_who_is_no_longer_active_is_signed_out_and_kept_out(miura, client, type_password):
    type_password()
    User.objects.update(is_active=False)

    assert not is_in(client)
    assert type_password().headers["Location"] == "/inactive/"


def test_what_happens_to_an_account_is_written_down_once_each(miura, client, type_password):
    type_password(password="wrong")
    type_password()
    client.post("/password/", {"oldpassword": PASSWORD, "password1": "asa no ocha 123"})
    client.post("/logout/")

    entries = AccountEntry.objects.filter(user_id=miura.pk).order_by("id")
    assert [entry.act for entry in entries] == [
        "sign_in_failed", "signed_in", "password_changed", "signed_out",
    ]  # fmt: skip
    assert {entry.ip for entry in entries} == {"127.0.0.1"}


def test_the_page_of_ones_account_keeps_a_name(miura, client):
    client.force_login(miura)

    client.post("/account/", {"name": "三浦 葉子"})

    miura.refresh_from_db()
    assert str(miura) == "三浦 葉子"


def test_mails_speak_the_language_of_whom_they_are_for(miura, client):
    for language, words in [("ja", "惚れ通のコード"), ("en", "is your code")]:
        User.objects.update(locale=language)
        client.post("/password/reset/", {"email": miura.email}, headers={"Accept-Language": "fr"})

        assert words in mail.outbox[-1].subject
