from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from uuid import UUID

import pytest

from crm.mail.addresses import UnmailableAddress
from crm.mail.composing import Letter, compose, one_line, one_name
from crm.mail.enums import Fate
from crm.mail.smtp import Transport, deliver
from tests.smtp_server import SmtpServer

NOON = datetime(2026, 5, 10, 3, 0, tzinfo=UTC)
LETTER = Letter(
    message_id=UUID("0190a3c8-7b1e-4d6f-8a55-1f0c2e9b7d43"),
    from_name="おとなり茶舗",
    from_address="miura@otonari-chaho.example",
    to_address="kayo@example.com",
    subject="その後、いかがでしょうか",
    text="山口 佳代さま\n\nほうじ茶「宵」と急須は、無事に届きましたでしょうか。\n.\n",
    html="<p>山口 佳代さま</p>\n",
    reply_to="reply@otonari-chaho.example",
    unsubscribe_url="https://horetsu.example/u/" + "k7Qm2x" * 20 + "/",
)


def on_the_wire(letter: Letter) -> bytes:
    return bytes(compose(letter, at=NOON))


def as_read(letter: Letter) -> EmailMessage:
    return message_from_bytes(on_the_wire(letter), policy=policy.default)


def words_of(part: EmailMessage) -> str:
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_a_mail_is_read_as_it_was_written() -> None:
    mail = as_read(LETTER)

    [sender] = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (LETTER.from_name, LETTER.from_address)
    assert mail["To"] == LETTER.to_address
    assert mail["Reply-To"] == LETTER.reply_to
    assert mail["Subject"] == LETTER.subject
    assert mail["Date"].datetime == NOON
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.iter_parts()
    assert words_of(plain) == LETTER.text
    assert words_of(html) == LETTER.html


def test_the_message_id_is_the_mails_own_and_stays() -> None:
    first, second = as_read(LETTER), as_read(LETTER)

    assert first["Message-ID"] == f"<{LETTER.message_id}@otonari-chaho.example>"
    assert first["Message-ID"] == second["Message-ID"]


def test_one_click_unsubscribing_is_offered_in_one_unbroken_line() -> None:
    wire = on_the_wire(LETTER)

    assert f"List-Unsubscribe: <{LETTER.unsubscribe_url}>\r\n".encode() in wire
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in wire


def test_account_mail_offers_no_unsubscribing() -> None:
    wire = on_the_wire(replace(LETTER, unsubscribe_url=""))

    assert b"List-Unsubscribe" not in wire


def test_a_letter_without_html_has_one_part() -> None:
    mail = as_read(replace(LETTER, html=""))

    assert mail.get_content_type() == "text/plain"
    assert words_of(mail) == LETTER.text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (LETTER.text, LETTER.html),
        ("plain ASCII\n", "<p>" + "x" * 3000 + "</p>\n"),
        ("é" * 900 + "\n", "<p>" + "茶" * 3000 + "</p>\n"),
        ("one\n" * 30 + "é" * 300 + "\n", "<p>" + "tea " * 500 + "é</p>\n"),
        ("絵文字 🍵\n", "<p>🍵</p>\n"),
    ],
)
def test_any_words_travel_as_short_ascii_lines_and_arrive_whole(text: str, html: str) -> None:
    wire = on_the_wire(replace(LETTER, text=text, html=html))

    assert wire.isascii()
    lines = wire.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    mail = message_from_bytes(wire, policy=policy.default)
    assert [words_of(part) for part in mail.iter_parts()] == [text, html]


@pytest.mark.parametrize(
    "subject",
    [
        "Hello",
        "その後、いかがでしょうか。" * 12,
        "お茶 🍵 and tea, mixed: " * 8,
        "short",
    ],
)
def test_a_subject_of_any_length_arrives_whole_in_words_of_legal_length(subject: str) -> None:
    wire = on_the_wire(replace(LETTER, subject=subject))

    assert message_from_bytes(wire, policy=policy.default)["Subject"] == subject.strip()
    [line] = [part for part in wire.replace(b"\r\n ", b" ").split(b"\r\n")
              if part.startswith(b"Subject:")]  # fmt: skip
    words = [word for word in line.split() if word.startswith(b"=?")]
    assert all(len(word) <= 75 for word in words)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("おとなり茶舗", "おとなり茶舗"),
        ("Cafe, 花", "Cafe, 花"),
        ("O'Neil & Sons, Ltd.", "O'Neil & Sons, Ltd."),
        ("茶舗 <boss@bank.example>", "茶舗 boss bank.example"),
        ('"Quoted" name', "Quoted  name"),
        ("茶舗\r\nBcc: all@example.com", "茶舗 Bcc: all example.com"),
        ("茶舗\x00\u202e", "茶舗"),
    ],
)
def test_a_name_stays_one_name_before_one_address(name: str, shown: str) -> None:
    mail = as_read(replace(LETTER, from_name=name))

    [sender] = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (shown, LETTER.from_address)
    assert mail["Bcc"] is None


def test_a_long_name_is_cut_and_folded() -> None:
    mail = message_from_bytes(on_the_wire(replace(LETTER, from_name="長" * 200)))

    name, address = parseaddr(mail["From"].replace("\n", ""))
    assert str(make_header(decode_header(name))) == "長" * 64
    assert address == LETTER.from_address


def test_a_shop_without_a_name_is_its_address() -> None:
    assert b"From: miura@otonari-chaho.example\r\n" in on_the_wire(replace(LETTER, from_name=""))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028"])
def test_a_subject_cannot_begin_another_header(end: str) -> None:
    mail = as_read(replace(LETTER, subject=f"Hello{end}Bcc: all@example.com"))

    assert mail["Subject"] == "Hello Bcc: all@example.com"
    assert mail["Bcc"] is None


def test_an_ideographic_space_in_a_subject_is_kept() -> None:
    assert one_line("山口　佳代さまへ") == "山口　佳代さまへ"
    assert one_name("おとなり　茶舗") == "おとなり　茶舗"


@pytest.mark.parametrize("field", ["from_address", "to_address", "reply_to"])
def test_an_address_that_needs_more_than_ascii_is_refused(field: str) -> None:
    with pytest.raises(UnmailableAddress):
        compose(replace(LETTER, **{field: "佳代@example.com"}), at=NOON)


def test_an_old_carrier_address_is_quoted_in_header_and_envelope() -> None:
    letter = replace(LETTER, to_address="a..b@docomo.ne.jp")

    with SmtpServer() as server:
        outcome = deliver(
            on_the_wire(letter),
            sender=letter.from_address,
            recipient='"a..b"@docomo.ne.jp',
            transport=Transport("127.0.0.1", server.port, timeout=5),
        )

    assert outcome.fate is Fate.ACCEPTED
    [message] = server.messages
    assert message.recipient == '"a..b"@docomo.ne.jp'
    assert b'To: "a..b"@docomo.ne.jp\r\n' in message.content
