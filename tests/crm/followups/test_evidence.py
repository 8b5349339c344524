from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from crm.followups.evidence import told
from crm.followups.models import Suggestion
from crm.followups.plays import BY_KEY
from crm.templatetags.followups import why

TODAY = date(2026, 5, 10)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "On May 8: they introduced somebody to us. Nobody has thanked them yet;"
            " it is 2 days now.",
        ),
        (
            "ja",
            "5月8日に、お知り合いをご紹介くださいました。"
            "お礼は、まだどなたからもお伝えしていません。2日たちます。",
        ),
    ],
)
def test_a_reason_is_told_with_its_evidence_in_the_readers_language(language, sentence):
    evidence = {"on": "2026-05-08", "kind": "referral"}

    with translation.override(language):
        assert told(BY_KEY["circulation.thank"].why, evidence, today=TODAY) == sentence


def test_a_reason_that_was_reworded_since_is_told_all_the_same():
    said = told(BY_KEY["landing.regular"].why, {}, today=TODAY)

    assert "…" in said


def test_once_it_is_settled_a_reason_no_longer_grows_older():
    suggestion = Suggestion(
        play="circulation.thank",
        evidence={"on": "2026-05-08", "kind": "referral"},
        settled_at=datetime(2026, 5, 10, 3, tzinfo=UTC),
    )

    with translation.override("en"):
        assert "it is 2 days now" in why(suggestion)
