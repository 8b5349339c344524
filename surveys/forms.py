import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys import tokens

MOST_WORDS = 5000

# Neither can be stored or sent on: NUL is no text to PostgreSQL, a lone surrogate none to UTF-8.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_NONE_CHOSEN = gettext_lazy("Please choose the answer that comes closest.")


@dataclass(frozen=True)
class Bead:
    """One answer as it is drawn. The number is a text, which no template needs to localise."""

    number: str
    label: str
    is_chosen: bool


class AnswerForm(forms.Form):
    """One of the answers there are and, if the person likes, words; nothing typed is lost."""

    score = forms.TypedChoiceField(
        coerce=int, error_messages={"required": _NONE_CHOSEN, "invalid_choice": _NONE_CHOSEN}
    )
    words = forms.Field(required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        answers: Mapping[int, str],
        invitation_id: int,
        now: datetime,
        chosen: int | None = None,
    ) -> None:
        super().__init__(data)
        self.answers = {str(score): label for score, label in answers.items()}
        self.fields["score"].choices = list(self.answers.items())  # type: ignore[attr-defined]
        self.invitation_id = invitation_id
        self.now = now
        self.chosen = chosen
        self.revises = _small_number(self.data.get("revises", ""))

    def clean_words(self) -> str:
        words = _unix_lines(self.cleaned_data["words"] or "").strip()
        if _NO_TEXT.search(words):
            raise forms.ValidationError(
                _("A character in your words cannot be sent. We took it out; please send again.")
            )
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(
                _("There is room for 5,000 characters; these are %(number)s. Please shorten them.")
                % {"number": len(words)}
            )
        return words

    @property
    def beads(self) -> list[Bead]:
        """The answers, with what the person chose here or, before that, in the mail."""
        chosen = self.data.get("score") if self.is_bound else str(self.chosen)
        return [Bead(number, label, number == chosen) for number, label in self.answers.items()]

    @property
    def chosen_label(self) -> str:
        """What a link of the mail preselected, as it reads; "" for nothing."""
        return self.answers.get(str(self.chosen), "")

    @property
    def typed_words(self) -> str:
        """The words as they were sent, fit to stand in the page again."""
        return _NO_TEXT.sub("", _unix_lines(self.data.get("words", "")))

    @property
    def opened_at(self) -> datetime | None:
        """When the person opened the page, by our own note in the form."""
        return tokens.read_stamp(self.data.get("shown", ""), self.invitation_id)

    @property
    def shown(self) -> str:
        """The note for the page about to be drawn; the first one stays when a form comes back."""
        first = self.data.get("shown", "") if self.opened_at else ""
        return first or tokens.stamp(self.invitation_id, at=self.now)

    @property
    def fell_in_trap(self) -> bool:
        """Whether the field that no person sees was filled in."""
        return bool(self.data.get("homepage"))


def score_in_link(text: str | None, answers: Mapping[int, str]) -> int | None:
    """The answer a link of the mail preselects; None for anything else."""
    return next((score for score in answers if str(score) == text), None)


def _small_number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= 4
    return int(text) if is_number else None


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
