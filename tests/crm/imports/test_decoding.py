import io
import tracemalloc

import pytest

from crm.imports.decoding import PIECE, recognise_encoding, text_of
from crm.imports.enums import Refusal
from crm.imports.errors import FileRefusedError

JAPANESE = "注文ID,お名前\n1,ソ表能㈱①髙﨑～\n"  # ソ, 表, 能 hold the byte of a backslash


def decoded(content: bytes) -> tuple[str, int, str]:
    file = io.BytesIO(content)
    reading = recognise_encoding(file)
    with text_of(file, reading) as text:
        return reading.encoding, reading.lost, text.read()


def refusal_of(content: bytes) -> Refusal:
    with pytest.raises(FileRefusedError) as refused:
        recognise_encoding(io.BytesIO(content))
    return refused.value.refusal


@pytest.mark.parametrize(
    ("written_as", "read_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp932", "cp932"),
        ("utf-16", "utf-16"),  # with its mark
        ("utf-32", "utf-32"),
    ],
)
def test_each_encoding_is_recognised_and_loses_nothing(written_as, read_as):
    assert decoded(JAPANESE.encode(written_as)) == (read_as, 0, JAPANESE)


def test_utf_16_of_the_other_byte_order_is_recognised_by_its_mark():
    content = b"\xfe\xff" + JAPANESE.encode("utf-16-be")

    assert decoded(content) == ("utf-16", 0, JAPANESE)


def test_plain_ascii_is_utf_8():
    assert decoded(b"order_id,total\n1,2\n")[0] == "utf-8"


def test_a_broken_byte_in_cp932_costs_one_character_and_is_counted():
    content = JAPANESE.encode("cp932").replace(b",\x83\x5c", b",\xa0\xfd\xff\x83\x5c")

    encoding, lost, text = decoded(content + b"2,\x83\n")

    assert (encoding, lost) == ("cp932", 1)
    assert "\N{REPLACEMENT CHARACTER}" in text


def test_a_broken_byte_in_utf_8_does_not_turn_the_file_into_cp932():
    content = (JAPANESE * 5).encode() + b"2,\xe3\x81\n"

    assert decoded(content)[:2] == ("utf-8", 1)


def test_a_broken_byte_behind_a_mark_is_counted():
    assert decoded(b"\xef\xbb\xbf" + JAPANESE.encode() + b"\xff\n")[:2] == ("utf-8-sig", 1)


@pytest.mark.parametrize(
    "content",
    [
        "order_id,name\n1,garçon\n2,Café\n".encode("latin-1"),
        "注文番号,氏名\n1,山口\n".encode("euc_jp"),
        "注文番号,氏名\n1,山口\n".encode("iso2022_jp"),
        b"\xff\xfe" + "a,b\n".encode("utf-16-le") + b"\n",  # a byte too few
    ],
    ids=["latin-1", "euc-jp", "iso-2022-jp", "utf-16 cut off"],
)
def test_an_encoding_that_cannot_be_told_for_certain_is_refused(content):
    assert refusal_of(content) == Refusal.ENCODING_UNCLEAR


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", Refusal.EMPTY),
        (b"PK\x03\x04rest of an xlsx", Refusal.WORKBOOK),
        (b"\xd0\xcf\x11\xe0rest of an xls", Refusal.WORKBOOK),
        (b"\x1f\x8brest of a gzip", Refusal.COMPRESSED),
        (b"%PDF-1.7", Refusal.PDF),
        (b"\r\n<!DOCTYPE html>\n<title>Sign in</title>", Refusal.WEB_PAGE),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", Refusal.WEB_PAGE),
        (b"\0" * 10_000, Refusal.NOT_TEXT),
        ("a,b\n1,2\n".encode("utf-16-le"), Refusal.NOT_TEXT),  # without its mark
    ],
    ids=[
        "empty",
        "xlsx",
        "xls",
        "gzip",
        "pdf",
        "login page",
        "xml",
        "zeros",
        "utf-16 without mark",
    ],
)
def test_what_is_no_csv_is_refused_by_its_content(content, refusal):
    assert refusal_of(content) == refusal


def test_a_character_split_between_two_pieces_is_whole():
    content = b"a" * (PIECE - 1) + "表".encode("cp932") + "表".encode("cp932")

    assert decoded(content)[:2] == ("cp932", 0)


def test_a_file_is_left_open_at_its_start():
    file = io.BytesIO(JAPANESE.encode("cp932"))

    with text_of(file, recognise_encoding(file)) as text:
        text.readline()

    assert not file.closed


def test_a_large_file_never_stands_in_memory(tmp_path):
    path = tmp_path / "large.csv"
    line = "注文,".encode("cp932") * 1_000 + b"\n"
    with path.open("wb") as file:
        for _ in range(8_000):
            file.write(line)

    tracemalloc.start()
    with path.open("rb") as file, text_of(file, recognise_encoding(file)) as text:
        for _ in text:
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert path.stat().st_size > 38 * PIECE
    assert peak < 12 * PIECE
