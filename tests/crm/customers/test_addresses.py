import pytest

from crm.customers.addresses import mailbox, normalise


@pytest.mark.parametrize(
    ("address", "norm"),
    [
        ("Kayo@Example.com ", "kayo@example.com"),
        ("ｋａｙｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "kayo@example.com"),
        ('"a..b"@docomo.ne.jp', "a..b@docomo.ne.jp"),
        (r'"ka\yo"@example.com', "kayo@example.com"),
        ("kayo+tea@example.com", "kayo+tea@example.com"),
        ('""@example.com', ""),
        ('"a@b"@example.com', ""),
        ('"a b"@example.com', ""),
        ("kayo", ""),
    ],
)
def test_writings_of_one_address_are_compared_as_the_same(address: str, norm: str) -> None:
    assert normalise(address) == norm


@pytest.mark.parametrize(
    ("address", "read_at"),
    [
        ("Kayo+tea@example.com", "kayo@example.com"),
        ("ka.yo+tea+cups@GMail.com", "kayo@gmail.com"),
        ("ka.yo@googlemail.com", "kayo@gmail.com"),
        ("ka.yo@example.com", "ka.yo@example.com"),
        ('"a..b"@docomo.ne.jp', "a..b@docomo.ne.jp"),
        ("+tea@example.com", "+tea@example.com"),
        ("nobody", ""),
    ],
)
def test_a_tag_and_dots_at_gmail_name_no_other_mailbox(address: str, read_at: str) -> None:
    assert mailbox(address) == read_at
