"""At the edge of answering: bad input, links that do not open, and machines."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.ledger.enums import Standing
from crm.mail.enums import Purpose
from crm.mail.models import Mail
from crm.tenancy.door import tenant
from surveys import tokens
from surveys.enums import Signal
from surveys.models import Invitation, Response
from tests.factories import make_customer
from tests.surveys.visits import MINUTE, WORDS, form, invite, path_of, stored

pytestmark = pytest.mark.django_db


# -- what is not an answer ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"score": ""}, "近いものをひとつお選びください。"),
        ({"score": "11"}, "近いものをひとつお選びください。"),
        ({"score": "9" * 5000}, "近いものをひとつお選びください。"),
        ({"words": WORDS + "\x00"}, "お送りいただけない文字がありました"),
        ({"words": WORDS + "あ" * 5000}, "5,000字までお書きいただけます"),
    ],
)
def test_what_cannot_be_taken_in_comes_back_with_words_about_it(client, shop, data, said):
    invitation, path = invite(shop)

    response = client.post(path, form(invitation, words=WORDS) | data)

    assert response.status_code == 422
    assert said in response.text
    assert WORDS in response.text
    assert stored(shop) == ([], [])


def test_a_broken_encoding_is_no_error_of_ours(client, shop):
    invitation, path = invite(shop)
    shown = form(invitation)["shown"]
    body = f"score=9&shown={shown}&words=%ED%A0%80%FF%00".encode()

    response = client.post(path, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 422


def test_ten_megabytes_of_words_are_refused_with_words(client, shop):
    invitation, path = invite(shop)

    response = client.post(path, form(invitation, words="あ" * 3_500_000))

    assert response.status_code == 413
    assert "文章が長すぎて、受け取れませんでした" in response.text


# -- links that do not open --------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "thanks/", "renew/", "privacy/"])
def test_a_forged_cut_or_foreign_link_is_the_same_neutral_404(client, shop, other_shop, page):
    invitation, path = invite(shop)
    good = path.split("/")[2]
    foreign = tokens.answer_token(tokens.Link(other_shop.pk, invitation.pk, invitation.nonce))
    unknown = tokens.answer_token(tokens.Link(shop.pk, invitation.pk + 999, invitation.nonce))
    no_shop = tokens.answer_token(tokens.Link(10**9, invitation.pk, invitation.nonce))
    bad = [good[:-1], good + "A", "x", "é", "%00", "A" * 10_000, foreign, unknown, no_shop]

    responses = [getattr(client, m)(f"/a/{t}/{page}") for t in bad for m in ("get", "post")]

    assert {response.status_code for response in responses} <= {404, 405}
    assert len({response.text for response in responses if response.status_code == 404}) == 1


def test_the_link_of_somebody_erased_is_gone_with_a_kind_word(client, shop):
    with tenant(shop):
        customer = make_customer(shop, erased_at=timezone.now())
    invitation, path = invite(shop, customer=customer)

    for response in (client.get(path), client.post(path, form(invitation, words="まだいます"))):
        assert response.status_code == 410
        assert "ありがとうございました" in response.text
        assert "まだいます" not in response.text
    assert stored(shop) == ([], [])


def test_a_link_opens_until_its_last_moment(client, shop, monkeypatch):
    invitation, path = invite(shop)
    second = timedelta(seconds=1)

    statuses = []
    for moment in (invitation.expires_at - second, invitation.expires_at):
        monkeypatch.setattr("surveys.views.timezone.now", lambda moment=moment: moment)
        statuses.append(client.get(path).status_code)

    assert statuses == [200, 410]


def test_a_link_that_has_run_out_gives_the_words_back_and_a_new_link_by_mail(client, shop):
    invitation, path = invite(shop, expires_at=timezone.now() - MINUTE)

    sent = client.post(path, form(invitation, "9", WORDS))
    asked = [client.post(f"{path}renew/") for _ in range(2)]

    with tenant(shop):
        renewed = Invitation.objects.get(pk=invitation.pk)
        mail = Mail.objects.get(purpose=Purpose.NEW_LINK)
        new_path = path_of(renewed)
        assert new_path in mail.content.text
    assert (sent.status_code, client.get(path).status_code) == (410, 410)
    assert f"{WORDS}</textarea>" in sent.text
    assert [response.status_code for response in asked] == [200, 200]
    assert client.get(new_path).status_code == 200
    assert stored(shop) == ([], [])


def test_an_open_or_answered_link_needs_no_new_one(client, shop):
    invitation, path = invite(shop)
    while_open = client.post(f"{path}renew/")
    client.post(path, form(invitation))
    with tenant(shop):
        Invitation.objects.update(expires_at=timezone.now() - MINUTE)
    once_answered = client.post(f"{path}renew/")

    assert (while_open["Location"], once_answered["Location"]) == (path, path)
    with tenant(shop):
        assert not Mail.objects.filter(purpose=Purpose.NEW_LINK).exists()


# -- machines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "more", "signal"),
    [
        (timedelta(seconds=1), {}, Signal.TOO_FAST),
        (MINUTE, {"homepage": "https://spam.example"}, Signal.TRAP),
        (MINUTE, {"shown": "made up"}, Signal.UNOPENED),
    ],
)
def test_a_machine_is_thanked_and_left_out(client, shop, opened, more, signal):
    invitation, path = invite(shop)

    response = client.post(path, form(invitation, "0", opened=opened) | more)

    assert response.status_code == 303
    assert stored(shop) == ([(0, "")], [Standing.SUSPECTED])
    with tenant(shop):
        assert Response.objects.get().signs == [signal]


def test_an_answer_seconds_after_the_mail_counts_only_with_words(client, shop):
    now = timezone.now()
    silent, silent_path = invite(shop, mail_sent_at=now - timedelta(seconds=20))
    spoken, spoken_path = invite(shop, mail_sent_at=now - timedelta(seconds=20))

    client.post(silent_path, form(silent, "0", opened=timedelta(seconds=5)))
    client.post(spoken_path, form(spoken, "9", WORDS, opened=timedelta(seconds=5)))

    assert stored(shop) == ([(0, ""), (9, WORDS)], [Standing.SUSPECTED, Standing.COUNTS])


def test_after_a_machine_the_person_finds_a_fresh_page_and_their_answer_stands(client, shop):
    invitation, path = invite(shop)
    client.post(path, form(invitation, "0", opened=timedelta(0)))

    opened = client.get(path)
    client.post(path, form(invitation, "9", WORDS))

    assert "お答えはすでにいただいています" not in opened.text
    assert stored(shop) == ([(9, WORDS)], [Standing.SUSPECTED, Standing.COUNTS])


def test_a_scanner_that_presses_every_button_is_found_out(client, shop):
    invitation, path = invite(shop)

    for score in range(11):
        client.post(path, form(invitation, str(score), opened=timedelta(seconds=3)))

    assert stored(shop) == ([(0, "")], [Standing.SUSPECTED])
