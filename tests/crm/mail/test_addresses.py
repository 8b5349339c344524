import pytest

from crm.mail.addresses import UnmailableAddress, wire_address


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("kayo@example.com", "kayo@example.com"),
        ("  kayo@example.com ", "kayo@example.com"),
        ("o'neil+tea@mail.example.co.jp", "o'neil+tea@mail.example.co.jp"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("kayo.@ezweb.ne.jp", '"kayo."@ezweb.ne.jp'),
        (".kayo@softbank.ne.jp", '".kayo"@softbank.ne.jp'),
        ('"a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp'),
        ('ka"yo@example.com', '"ka\\"yo"@example.com'),
        ("ka yo@example.com", '"ka yo"@example.com'),
        ("owner@localhost", "owner@localhost"),
        ("kayo@xn--wgv71a.example", "kayo@xn--wgv71a.example"),
    ],
)
def test_an_address_is_written_as_mail_servers_read_it(address: str, wire: str) -> None:
    assert wire_address(address) == wire


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kayo",
        "@example.com",
        "kayo@",
        "佳代@example.com",
        "kayo@日本.example",
        "kayo@example..com",
        "kayo@-example.com",
        "kayo@example.com>",
        "kayo@example.com\r\nBcc: all@example.com",
        "ka\r\nyo@example.com",
        "ka\x00yo@example.com",
        "k" * 65 + "@example.com",
        "kayo@" + "a." * 130 + "example",
    ],
)
def test_an_address_no_server_would_take_is_refused(address: str) -> None:
    with pytest.raises(UnmailableAddress):
        wire_address(address)
