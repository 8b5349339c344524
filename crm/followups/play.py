"""What a play (関わり方) is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from crm.followups.enums import Call
from crm.followups.situation import Situation, Told
from crm.guard.enums import Channel
from crm.mail.enums import Purpose
from crm.stages.enums import Stage


@dataclass(frozen=True)
class Draft:
    """What a letter might say around the part that only a person can write.

    Greeting and signature are not part of it: every letter has them.
    """

    subject: str
    opening: str
    closing: str = ""


@dataclass(frozen=True)
class Play:
    """A way to be with a customer: for whom, why, what to do and what to leave out.

    `why` is told with what a suggestion's evidence holds (crm.followups.evidence). Texts of a
    play are for staff, its drafts for customers, in the customer's language. `about` finds the
    fact that the play answers; a play without one is proposed once in a stay at a stage.
    """

    key: str
    call: Call
    title: Promise
    why: Promise
    todo: Promise
    leave_out: Promise
    suits: Callable[[Situation], bool]
    lasts_days: int
    about: Callable[[Situation], Told | None] = lambda it: None
    purpose: Purpose = Purpose.FOLLOW_UP
    channel: Channel | None = None  # None: the shop refrains, and that is the work
    is_personal: bool = False
    drafts: Mapping[str, Draft] = field(default_factory=dict)

    @property
    def is_rest(self) -> bool:
        """そっとしておく."""
        return self.channel is None

    @property
    def is_answer(self) -> bool:
        """Whether it answers a step of the customer's, and so should not wait."""
        return self.purpose != Purpose.FOLLOW_UP

    def needs_personal(self, stage: int) -> bool:
        """Whether a person must add words of their own: from Empathy on, always."""
        return not self.is_rest and (self.is_personal or stage >= Stage.EMPATHY)
