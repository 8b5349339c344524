import io
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.imports.decoding import recognise_encoding, text_of
from crm.imports.enums import Reason, Refusal
from crm.imports.errors import FileRefusedError
from crm.imports.tables import LONGEST_RECORD, MOST_COLUMNS, MOST_LINES, Header, Table, fingerprint
from tests.crm.imports.files import read, written

CP932_LETTERS = "ソ表能予十㈱①髙﨑～－ｶﾅ ABC\"',;\t\\\r\n0='"


def refusal_of(content: bytes) -> Refusal:
    with pytest.raises(FileRefusedError) as refused:
        read(content)
    return refused.value.refusal


def cells_of(letters: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    cell = st.text(letters, max_size=12)
    return st.lists(st.tuples(cell, cell, cell).map(list), max_size=8)


@given(
    rows=cells_of(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    delimiter=st.sampled_from([",", "\t", ";"]),
    lineterminator=st.sampled_from(["\n", "\r\n", "\r"]),
)
@example([["", "", "x"]], "utf-8", ",", "\r")
def test_any_table_that_csv_writes_reads_back_the_same(rows, encoding, delimiter, lineterminator):
    header = ["注文ID", "お名前", "備考"]
    content = written([header, *rows], encoding, delimiter=delimiter, lineterminator=lineterminator)

    table = read(content)

    assert table.delimiter == delimiter
    assert table.header.cells == tuple(header)
    assert table.cells == [row for row in rows if any(row)]
    assert table.bad == []


@given(rows=cells_of(st.sampled_from(CP932_LETTERS)))
def test_any_table_in_cp932_reads_back_the_same(rows):
    table = read(written([["注文ID", "お名前", "備考"], *rows], "cp932"))

    assert table.reading.encoding == "cp932"
    assert table.cells == [row for row in rows if any(row)]


@given(st.binary(max_size=300))
@example(b'a,b\n"')
@example(b'"a\n')
@example(b"\xef\xbb\xbf")
@example(b"sep=;")
@example(b"sep=\n")
@example(b'sep=;\n"')
def test_any_bytes_are_a_table_or_refused_with_words(content):
    with suppress(FileRefusedError):
        table = read(content)

        assert all(len(row.cells) == len(table.header) for row in table.rows)


@given(st.text('ab",\n\r', max_size=60))
def test_every_line_is_read_or_listed_once_and_in_order(text):
    file = io.BytesIO(b"x,y\n" + text.encode())

    with text_of(file, recognise_encoding(file)) as decoded:
        listed = "".join(row.raw for row in Table(decoded).rows())

    blank = dict.fromkeys(map(ord, '",\n\r'))  # rows of nothing else are passed over
    assert listed.translate(blank) == text.translate(blank)


def test_a_row_has_the_number_of_its_first_line():
    table = read(b'a,b\n1,"x\ny"\n\n2,z\n')

    assert [(row.line, list(row.cells)) for row in table.rows] == [
        (2, ["1", "x\ny"]),
        (5, ["2", "z"]),
    ]


def test_an_open_quote_costs_its_own_line_only():
    content = b"a,b\n" + b"".join(b'%d,"x"\n' % n for n in range(100)) + b'7,"open\n8,y\n9,z\n'

    table = read(content)

    assert [(bad.line, bad.reason) for bad in table.bad] == [(102, Reason.QUOTES_BROKEN)]
    assert table.cells[-2:] == [["8", "y"], ["9", "z"]]
    assert [row.line for row in table.rows[-2:]] == [103, 104]


def test_a_quote_in_the_wrong_place_costs_its_own_line_only():
    table = read(b'a,b\n1,"x"y\n2,z\n')

    assert [(bad.line, bad.raw) for bad in table.bad] == [(2, '1,"x"y\n')]
    assert table.cells == [["2", "z"]]


def test_a_cell_too_long_costs_its_own_row_only():
    table = read(b"a,b\n1," + b"x" * 200_000 + b"\n2,z\n")

    assert [(bad.line, bad.reason) for bad in table.bad] == [(2, Reason.CELL_TOO_LONG)]
    assert table.cells == [["2", "z"]]


def test_a_line_without_an_end_in_sight_costs_its_own_row_only():
    table = read(b"a,b\n1," + b"x," * LONGEST_RECORD + b"\n2,z\n")

    assert [(bad.line, bad.reason) for bad in table.bad] == [(2, Reason.CELL_TOO_LONG)]
    assert [(row.line, list(row.cells)) for row in table.rows] == [(3, ["2", "z"])]


def test_a_quote_left_open_over_hundreds_of_lines_is_not_followed_to_the_end():
    table = read(b'a,b\n1,"open' + b"\n2,z" * (MOST_LINES + 10))

    assert [(bad.line, bad.reason) for bad in table.bad] == [(2, Reason.CELL_TOO_LONG)]
    assert len(table.rows) == MOST_LINES + 10


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"1", Reason.ROW_TOO_SHORT),
        (b"1,2,3", Reason.ROW_TOO_LONG),
        (b"1,\0", Reason.NUL),
        (b"a,b", Reason.HEADER_AGAIN),
        (b"\xef\xbb\xbfa,b", Reason.HEADER_AGAIN),
    ],
    ids=["too short", "too long", "nul", "header again", "header again with its mark"],
)
def test_a_row_that_cannot_be_one_is_listed_and_the_rest_goes_in(row, reason):
    table = read(b"a,b\n1,2\n" + row + b"\n3,4\n")

    assert [(bad.line, bad.reason) for bad in table.bad] == [(3, reason)]
    assert table.cells == [["1", "2"], ["3", "4"]]


def test_empty_cells_beyond_the_header_are_nothing():
    table = read(b"a,b,,\n1,2,,\n3,4,,,\n5,6\n")

    assert table.header.cells == ("a", "b")
    assert table.cells == [["1", "2"], ["3", "4"], ["5", "6"]]


def test_blank_rows_and_the_end_mark_of_dos_are_passed_over():
    table = read(b"\n\na,b\r\n1,2\r\n,\r\n\r\n\x1a")

    assert table.cells == [["1", "2"]]
    assert table.bad == []


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        (b"a,b\n", ","),
        (b"a\tb\n", "\t"),
        (b"a;b\n", ";"),
        (b'"a;b",c\n', ","),  # what is quoted separates nothing
        (b"sep=;\na;b\n", ";"),
        (b"a\n", ","),
    ],
)
def test_the_delimiter_is_the_only_one_in_the_header(content, delimiter):
    assert read(content).delimiter == delimiter


@pytest.mark.parametrize("content", [b"a;b,c\n", b"a\tb,c\n", b"a|b\n", b"sep=#\na#b\n"])
def test_a_delimiter_that_is_not_clear_is_refused(content):
    assert refusal_of(content) == Refusal.DELIMITER_UNCLEAR


@pytest.mark.parametrize(
    "content",
    [
        b'"a,b\n1,2\n',
        b",".join(b"c%d" % n for n in range(MOST_COLUMNS + 1)),
        b"a,\0b\n" + b"1,2\n" * 9,
        b",,\n",
    ],
    ids=["open quote", "too many columns", "nul", "no names"],
)
def test_a_header_that_cannot_be_read_is_refused(content):
    assert refusal_of(content) == Refusal.HEADER_UNREADABLE


def test_ten_million_columns_are_refused_without_being_read():
    assert refusal_of(b"c," * 10_000_000) == Refusal.HEADER_UNREADABLE


@pytest.mark.parametrize("content", [b"\n\n \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_a_file_of_blank_lines_is_empty(content):
    assert refusal_of(content) == Refusal.EMPTY


def test_a_column_is_found_whatever_its_brackets_widths_and_spaces():
    header = Header(["\ufeff注文ＩＤ", "お名前（姓）", ' "Order ID" '])

    assert header.position("注文ID") == 0
    assert header.position("お名前(姓)") == 1
    assert header.position("order id") == 2
    assert header.position("会員ID") is None


def test_a_repeated_column_is_found_by_its_position():
    header = Header(["送料", "税金", "送料"])

    assert [header.position("送料", nth=nth) for nth in (1, 2, 3)] == [0, 2, None]
    assert header.count("送料") == 2


def test_the_fingerprint_forgives_order_and_widths_but_not_other_columns():
    known = fingerprint(Header(["注文ID", "送料", "送料", "お名前(姓)"]))

    assert fingerprint(Header(["お名前（姓）", "送料", "注文ＩＤ", "送料"])) == known
    assert fingerprint(Header(["注文ID", "送料", "お名前(姓)"])) != known
    assert fingerprint(Header(["注文ID", "送料", "送料", "お名前(名)"])) != known


def test_rows_are_read_as_they_are_asked_for():
    table = Table(io.StringIO("a,b\n" + "1,2\n" * 10, newline=""))

    first = next(iter(table.rows()))

    assert first.line == 2
