import pytest

from crm.followups.day import MOST, SITTING, minutes_for, portion
from crm.followups.enums import Call

SOLVE, THANK, ANSWER, TEND, REST = Call.SOLVE, Call.THANK, Call.ANSWER, Call.TEND, Call.REST


@pytest.mark.parametrize(
    ("waiting", "done", "size"),
    [
        ([], [], 0),
        ([THANK, ANSWER], [], 2),
        ([ANSWER] * 20, [], 6),
        ([TEND] * 20, [], MOST),
        ([ANSWER] * 20, [ANSWER] * 4, 2),
        ([ANSWER] * 20, [ANSWER] * 6, 0),
        ([ANSWER] * 20, [REST] * 20, 6),
        ([SOLVE, SOLVE, ANSWER], [ANSWER] * 6, 2),
    ],
)
def test_a_day_ends_after_a_sitting_but_what_must_be_solved_is_never_left(waiting, done, size):
    assert portion(waiting, done=done) == size


def test_a_sitting_is_about_ten_minutes():
    assert 10 <= SITTING <= 15
    assert minutes_for([ANSWER] * portion([ANSWER] * 50, done=[])) <= SITTING
