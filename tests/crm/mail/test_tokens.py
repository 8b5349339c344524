from typing import Any

import pytest
from django.core.signing import Signer

from crm.mail.tokens import Recipient, read_unsubscribe_token, shop_of, unsubscribe_token

KAYO = Recipient(shop_id=12, customer_id=345)


def test_a_token_tells_whose_mails_it_stops() -> None:
    token = unsubscribe_token(KAYO)

    assert read_unsubscribe_token(token) == KAYO
    assert shop_of(token) == 12


def test_a_token_fits_into_a_path_as_it_is() -> None:
    assert not set(unsubscribe_token(KAYO)) & set("/?#%:&+ ")


def test_a_token_with_any_letter_changed_is_not_ours() -> None:
    token = unsubscribe_token(KAYO)
    changed = [
        token[:n] + ("A" if letter != "A" else "B") + token[n + 1 :]
        for n, letter in enumerate(token)
    ]

    assert {read_unsubscribe_token(text) for text in changed} == {None}


@pytest.mark.parametrize(
    "text", ["", ".", "12-345", "12-345.", "12-345.\x00", "é", "1" * 10_000, "\ud800"]
)
def test_what_is_no_token_is_nobodys(text: str) -> None:
    assert read_unsubscribe_token(text) is None
    assert shop_of(text) is None


def test_a_token_made_for_another_purpose_is_not_ours() -> None:
    answer = Signer(salt="surveys.answer", sep=".").sign("12-345")

    assert read_unsubscribe_token(answer) is None


def test_a_token_outlives_the_change_of_the_key_and_not_its_removal(
    settings: Any,
) -> None:
    token = unsubscribe_token(KAYO)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key for tests"
    after_the_change = read_unsubscribe_token(token)
    settings.SECRET_KEY_FALLBACKS = []
    after_the_removal = read_unsubscribe_token(token)

    assert (after_the_change, after_the_removal) == (KAYO, None)
