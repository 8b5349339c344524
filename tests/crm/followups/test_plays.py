import re

import pytest
from django.utils import translation

from crm.followups.enums import Call
from crm.followups.play import Draft
from crm.followups.plays import BY_KEY, PLAYS, suiting
from crm.followups.situation import Situation
from crm.guard.enums import Channel, Verdict
from crm.guard.rules import Limits, decide
from crm.guard.wording import forbidden_in, offers_in
from crm.ledger.enums import Kind
from crm.mail.enums import Purpose
from crm.stages.enums import Balance, Direction, Mark, Recovered, Stage
from tests.crm.followups.situations import days_ago, somebody, told
from tests.crm.guard.test_rules import case

LETTER = told(Kind.LETTER, has_words=True)
FIRST = Mark.RECOVERY_FIRST
COOLING, QUIET = Direction.COOLING, Direction.QUIET
OBSERVER, LANDING, EMPATHY, ENGAGED, CIRCULATING = Stage

EXPECTED = [
    (somebody(OBSERVER, FIRST, told=(LETTER,)), "recovery.listen"),
    (somebody(CIRCULATING, FIRST, told=(told(Kind.SHARE),)), "recovery.listen"),
    (somebody(CIRCULATING, told=(LETTER, told(Kind.REFERRAL))), "circulation.thank"),
    (somebody(ENGAGED, told=(LETTER, told(Kind.IDEA))), "engagement.thank"),
    (
        somebody(
            EMPATHY, recovered=Recovered.EXCEEDED, told=(told(Kind.RECOVERY, has_words=True),)
        ),
        "recovery.thank",
    ),
    (somebody(EMPATHY, told=(LETTER,), balance=Balance.DELIGHTED), "empathy.answer"),
    (somebody(CIRCULATING, told=(LETTER,)), "empathy.answer"),
    (somebody(LANDING, told=(LETTER,)), "observer.answer"),
    (somebody(OBSERVER, told=(told(Kind.INQUIRY),)), "observer.answer"),
    (somebody(CIRCULATING, direction=QUIET), "circulation.quiet"),
    (somebody(CIRCULATING, direction=COOLING), "circulation.quiet"),
    (somebody(EMPATHY, direction=COOLING), "empathy.warm"),
    (somebody(EMPATHY, Mark.ABOUT_TO_LAPSE), "empathy.warm"),
    (
        somebody(LANDING, balance=Balance.DELIGHTED, told=(told(Kind.EVALUATION),)),
        "delight.thank",
    ),
    (somebody(EMPATHY, balance=Balance.DELIGHTED, nps=9), "delight.enclose"),
    (somebody(OBSERVER, bought_on=days_ago(1)), "observer.care"),
    (
        somebody(LANDING, purchase_days=1, bought_on=days_ago(15), delivered_on=days_ago(10)),
        "landing.reassure",
    ),
    (somebody(LANDING, Mark.STALLED), "landing.story"),
    (somebody(ENGAGED, acts=2), "engagement.entrust"),
    (somebody(ENGAGED, direction=COOLING), "engagement.room"),
    (somebody(LANDING, told=(told(Kind.COMPLAINT_CLOSED, 5),)), "recovery.rest"),
    (somebody(CIRCULATING), "circulation.room"),
    (somebody(EMPATHY), "empathy.rest"),
    (somebody(LANDING, Mark.QUIET_REGULAR), "landing.regular"),
    (somebody(LANDING, balance=Balance.SATISFIED), "satisfied.keep"),
    (somebody(LANDING, direction=COOLING), "landing.wait"),
    (somebody(LANDING), "landing.rest"),
    (somebody(OBSERVER, bought_on=days_ago(9), delivered_on=days_ago(6)), "observer.rest"),
    (somebody(OBSERVER, Mark.DORMANT, bought_on=days_ago(900)), "dormant.rest"),
]
WRITTEN = [
    pytest.param(play, language, id=f"{play.key}-{language}")
    for play in PLAYS
    if play.channel
    for language in ("ja", "en")
]


def first(situation: Situation) -> str | None:
    play = next(suiting(situation), None)
    return play.key if play else None


@pytest.mark.parametrize(("situation", "key"), EXPECTED, ids=[key for _, key in EXPECTED])
def test_what_comes_first_is_chosen(situation, key):
    assert first(situation) == key


def test_every_play_can_be_chosen_and_there_are_fifteen_of_them_and_more():
    # The card goes to those whom the guard lets nobody write to (test_services).
    assert {key for _, key in EXPECTED} == BY_KEY.keys() - {"empathy.card"}
    assert len(PLAYS) == len(BY_KEY) >= 15


def test_the_plays_cover_the_stages_the_balances_recovery_and_what_waits():
    calls = {play.call for play in PLAYS}

    assert calls == set(Call)
    for stage in Stage:
        assert first(somebody(stage, bought_on=days_ago(9))) is not None


def test_somebody_who_only_watches_is_left_to_watch():
    assert first(Situation(Stage.OBSERVER)) is None


def test_while_something_is_unresolved_nothing_else_suits():
    situation = somebody(CIRCULATING, FIRST, told=(LETTER, told(Kind.SHARE)))

    assert [play.key for play in suiting(situation)] == ["recovery.listen"]


def test_to_leave_in_peace_comes_last_and_is_always_among_what_suits_from_landing_on():
    for stage in list(Stage)[1:]:
        plays = list(suiting(somebody(stage, told=(LETTER,))))

        assert plays[-1].is_rest
        assert not plays[0].is_rest


@pytest.mark.parametrize(("play", "language"), WRITTEN)
def test_a_draft_says_nothing_that_a_stage_it_suits_forbids(play, language):
    draft: Draft = play.drafts[language]
    text = "\n".join((draft.subject, draft.opening, draft.closing))
    stages = {situation.stage for situation, key in EXPECTED if play in suiting(situation)}

    assert stages or play.key == "empathy.card"
    for stage in stages | {EMPATHY}:
        assert forbidden_in(text, stage) == ()
    assert offers_in(text) == ()


@pytest.mark.parametrize(("play", "language"), WRITTEN)
def test_a_draft_leaves_room_for_the_person_and_has_its_language(play, language):
    draft = play.drafts[language]

    assert draft.subject
    assert draft.opening
    assert draft.closing
    assert bool(re.search(r"[ぁ-ん]", draft.opening)) == (language == "ja")


def test_the_guard_lets_every_play_be_done_by_its_channel_at_its_stage():
    for situation, key in EXPECTED:
        play = BY_KEY[key]
        if play.channel:
            asked = case(
                play.purpose,
                stage=situation.stage,
                channel=play.channel,
                is_recovery_first=situation.is_recovery_first,
            )
            assert decide(asked, Limits()).verdict == Verdict.ALLOW, key


def test_from_empathy_on_a_person_must_add_words_of_their_own():
    for play in PLAYS:
        assert play.needs_personal(Stage.EMPATHY) is not play.is_rest
    assert not BY_KEY["delight.thank"].needs_personal(Stage.LANDING)
    assert BY_KEY["observer.answer"].needs_personal(Stage.OBSERVER)


def test_what_answers_a_customer_is_about_the_fact_it_answers():
    for situation, key in EXPECTED:
        play = BY_KEY[key]
        if play.is_answer and play.purpose != Purpose.RECOVERY:
            assert play.about(situation) is not None


def test_nobody_is_called_or_written_to_by_hand_before_they_are_close():
    for situation, key in EXPECTED:
        if BY_KEY[key].channel in {Channel.LETTER, Channel.PHONE}:
            assert situation.stage >= Stage.EMPATHY


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_text_of_a_play_is_there_in_both_languages(language):
    with translation.override(language):
        for play in PLAYS:
            for text in (play.title, play.why, play.todo, play.leave_out):
                assert bool(re.search(r"[ぁ-ん一-龠]", str(text))) == (language == "ja"), text
