import pytest
from django.utils.translation import override

from crm.stages.enums import Direction, Mark, Stage
from crm.stages.gates import AllOf, AnyOf, AtLeast, Need, gates
from crm.stages.labels import DIRECTIONS, MARKS, STAGE_GLOSSES, STAGE_NAMES, need_in_words
from crm.stages.rule_settings import RuleSettings


def needs_of(condition):
    if isinstance(condition, AtLeast):
        return [condition.need]
    assert isinstance(condition, AllOf | AnyOf)
    return [need for part in condition.conditions for need in needs_of(part)]


EVERY_NEED = [Need("resolution", "1")] + [
    need for gate in gates(RuleSettings()).values() for need in needs_of(gate)
]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("need", EVERY_NEED, ids=lambda need: f"{need.fact}-{need.at_least}")
def test_everything_a_gate_may_want_has_words(need, language):
    with override(language):
        words = need_in_words(need.fact, need.at_least)

    assert words
    assert "%" not in words


@pytest.mark.parametrize(
    ("fact", "at_least", "japanese", "english"),
    [
        (
            "acts",
            "2",
            "ご自身から動いてくださる日が2日",
            "2 days on which they act of their own accord",
        ),
        (
            "acts",
            "1",
            "ご自身から動いてくださる日が1日",
            "a day on which they act of their own accord",
        ),
        (
            "passes",
            "2/30",
            "30日以上あけたご紹介・口コミが2回",
            "the shop passed on 2 times, 30 days or more apart",
        ),
        ("purchase_days", "2", "お買い物が2日", "purchases on 2 days"),
    ],
)
def test_a_need_reads_as_something_to_wait_for(fact, at_least, japanese, english):
    with override("ja"):
        assert need_in_words(fact, at_least) == japanese
    with override("en"):
        assert need_in_words(fact, at_least) == english


def test_every_word_of_the_rule_is_said_to_people():
    assert set(STAGE_NAMES) == set(STAGE_GLOSSES) == set(Stage)
    assert set(DIRECTIONS) == set(Direction)
    assert set(MARKS) == set(Mark)


def test_the_stages_are_called_as_the_notes_call_them():
    with override("ja"):
        assert [str(name) for name in STAGE_NAMES.values()] == [
            "観測",
            "着地",
            "共感",
            "関与",
            "循環",
        ]
