import csv
import io

import pytest

from crm.imports.enums import Reason, Remark
from crm.imports.error_file import write_error_file
from crm.imports.models import ImportNote
from crm.shops.csv_files import harmless


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(cell):
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "山口", "1-2", "a@example.jp", "'x"])
def test_any_other_cell_stays_as_it_is(cell):
    assert harmless(cell) == cell


def test_each_note_is_a_line_with_reason_cell_and_row():
    file = io.StringIO(newline="")
    notes = [
        ImportNote(
            line=3, code=Reason.DATE_UNREADABLE, is_left_out=True,
            column="受注日", value="=cmd()", raw='1,"=cmd()"\r\n',
        ),
        ImportNote(line=4, code=Remark.NAME_GARBLED, is_left_out=False, raw="-1"),
    ]  # fmt: skip

    assert write_error_file(file, notes) == 2

    header, first, second = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert len(header) == len(first) == 6
    assert first == [
        "3",
        first[1],
        str(Reason.DATE_UNREADABLE.label),
        "受注日",
        "'=cmd()",
        '1,"=cmd()"',
    ]
    assert second == ["4", second[1], str(Remark.NAME_GARBLED.label), "", "", "'-1"]
    assert first[1] != second[1]
    assert all(line.startswith('"') for line in file.getvalue().splitlines())
