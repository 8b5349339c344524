"""The ladder: every answer sheet gives a stage, and a better answer never lowers it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnosis.content import STAGES, Question, read_quiz, shipped
from diagnosis.rules import FIRST_STEPS, assess, share_of

QUIZ = read_quiz(shipped())


def best_of(question: Question) -> list[str]:
    """The options that together reach the cap, without any forbidden measure."""
    good = [o for o in question.options if o.points and not o.is_alone and not o.measure]
    return [o.id for o in good] if question.is_many else [max(good, key=lambda o: o.points).id]


def best_up_to(stage: int) -> dict[str, list[str]]:
    return {q.id: best_of(q) for q in QUIZ.questions if q.stage <= stage}


def chosen(question: Question) -> st.SearchStrategy[list[str]]:
    ids = st.sampled_from([option.id for option in question.options])
    return st.lists(ids, unique=True) if question.is_many else st.lists(ids, max_size=1)


#: Any sheet, also one with questions left out.
SHEETS = st.fixed_dictionaries({}, optional={q.id: chosen(q) for q in QUIZ.questions})


@given(SHEETS)
def test_every_answer_sheet_gives_a_stage(sheet):
    assessment = assess(QUIZ, sheet)

    assert assessment.stage in STAGES
    assert all(0 <= points <= 100 for points in assessment.readiness)
    assert len(assessment.start) <= FIRST_STEPS


@given(SHEETS)
def test_the_business_stands_right_below_the_first_hole(sheet):
    assessment = assess(QUIZ, sheet)

    holes = [stage for stage in STAGES if assessment.readiness[stage] < QUIZ.threshold]
    assert assessment.bottleneck == (holes[0] if holes else None)
    assert assessment.stage == (max(0, holes[0] - 1) if holes else 4)


@given(SHEETS, st.data())
def test_a_better_answer_never_lowers_anything(sheet, data):
    question = data.draw(st.sampled_from(QUIZ.questions))
    before = assess(QUIZ, sheet)
    was = sheet.get(question.id, [])

    if question.is_many:
        kept = [each for each in was if not question.by_id[each].measure]
        good = data.draw(st.sampled_from(best_of(question)))
        now = [*kept, good]
    else:
        options = [
            option
            for option in question.options
            if not option.measure
            and all(option.points >= question.by_id[each].points for each in was)
        ]
        now = [data.draw(st.sampled_from(options or [question.by_id[was[0]]])).id]
    after = assess(QUIZ, sheet | {question.id: now})

    assert after.stage >= before.stage
    assert all(a >= b for a, b in zip(after.readiness, before.readiness, strict=True))


def test_nothing_answered_stands_at_the_foot_of_the_ladder():
    assessment = assess(QUIZ, {})

    assert (assessment.stage, assessment.bottleneck, assessment.missing) == (0, 0, 60)


@pytest.mark.parametrize("stage", STAGES)
def test_being_ready_up_to_a_stage_places_the_business_there(stage):
    assessment = assess(QUIZ, best_up_to(stage))

    assert assessment.stage == stage
    assert assessment.readiness[: stage + 1] == (100,) * (stage + 1)


def test_a_hole_below_names_the_bottleneck_however_good_the_rest_is():
    sheet = best_up_to(4)
    for question in QUIZ.questions:
        if question.stage == 1:
            del sheet[question.id]

    assessment = assess(QUIZ, sheet)

    assert (assessment.stage, assessment.bottleneck) == (0, 1)
    assert {question.stage for question in assessment.start} == {1}


def test_a_forbidden_measure_pulls_down_the_stage_it_offends_once():
    sheet = best_up_to(4)
    sheet["in_front"] = [*sheet["in_front"], "call"]
    sheet["first_fortnight"] = [*sheet["first_fortnight"], "review"]  # the same measure again

    assessment = assess(QUIZ, sheet)

    assert assessment.readiness == (94, 100, 100, 100, 100)
    assert assessment.pulled == (6, 0, 0, 0, 0)
    assert [measure.code for measure in assessment.stop] == ["call.comment"]


def test_advice_begins_with_the_largest_lack_of_the_bottleneck():
    sheet = best_up_to(4) | {"before_and_after": ["no"], "complaints": ["owner"]}
    for each in ("in_the_parcel", "to_the_second", "back_end_first"):
        sheet[each] = []

    assessment = assess(QUIZ, sheet)

    assert assessment.bottleneck == 1
    assert [question.id for question in assessment.start] == [
        "in_the_parcel",
        "before_and_after",
        "to_the_second",
    ]
    assert assessment.gaps[-1].id == "complaints"


def test_answers_that_do_not_go_together_are_noticed_and_change_nothing():
    sheet = best_up_to(4) | {"who_replies": ["none"]}

    assessment = assess(QUIZ, sheet)

    assert len(assessment.contradictions) == 1
    assert assessment.readiness[2] == 80


def test_an_option_nobody_offered_earns_nothing():
    question = QUIZ.questions[0]

    assert share_of(question, ["welcome", "made up"]) == share_of(question, ["welcome"])
