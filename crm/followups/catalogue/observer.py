"""観測: still looking on from a distance; what comes first is to be felt as safe."""

from django.utils.translation import gettext_lazy as _

from crm.followups.enums import Call
from crm.followups.play import Draft, Play
from crm.followups.situation import Situation
from crm.guard.enums import Channel
from crm.mail.enums import Purpose
from crm.stages.enums import Mark, Stage


def _is_being_packed(it: Situation) -> bool:
    days = it.days_since(it.bought_on)
    return days is not None and days <= 3 and it.delivered_on is None


def _has_just_bought(it: Situation) -> bool:
    days = it.days_since(it.bought_on)
    return days is not None and days <= 30


CARE = Play(
    key="observer.care",
    call=Call.TEND,
    title=_("A note of care in the parcel"),
    why=_("They ordered on %(bought)s, and the parcel has not left yet."),
    todo=_("Lay a note in the parcel: how to use it well, and whom to ask. By hand, three lines."),
    leave_out=_("Discounts, merits, awards, and any request for words."),
    suits=lambda it: it.stage == Stage.OBSERVER and _is_being_packed(it),
    lasts_days=4,
    channel=Channel.INSERT,
    drafts={
        "ja": Draft(
            subject="同梱のひとこと",
            opening="このたびはご注文くださり、ありがとうございます。心をこめてお包みしました。",
            closing="使い方でお困りのことがあれば、いつでもお尋ねください。",
        ),
        "en": Draft(
            subject="A note in the parcel",
            opening="Thank you for your order. We have packed it with care.",
            closing="Should anything about its use be unclear, please ask us at any time.",
        ),
    },
)

ANSWER = Play(
    key="observer.answer",
    call=Call.ANSWER,
    title=_("Words waiting for a reply"),
    why=_("They wrote to us on %(on)s; it is %(days)s now."),
    todo=_("Answer what they asked or said, plainly and soon, and nothing beyond it."),
    leave_out=_("Offers, recommendations, and questions of our own."),
    suits=lambda it: it.stage <= Stage.LANDING and it.unanswered_words is not None,
    about=lambda it: it.unanswered_words,
    lasts_days=30,
    purpose=Purpose.REPLY,
    channel=Channel.MAIL,
    is_personal=True,
    drafts={
        "ja": Draft(
            subject="お返事を差し上げます",
            opening="ご連絡をくださり、ありがとうございます。",
            closing="ほかにも気がかりなことがあれば、そのままお返事ください。",
        ),
        "en": Draft(
            subject="Our answer",
            opening="Thank you for writing to us.",
            closing="Should anything else be on your mind, simply answer this mail.",
        ),
    },
)

REST = Play(
    key="observer.rest",
    call=Call.REST,
    title=_("Let them look on"),
    why=_("They ordered on %(bought)s. They are still looking on from a distance."),
    todo=_("Send nothing until they move by themselves: an answer, a word, a second order."),
    leave_out=_("Anything that hurries."),
    suits=lambda it: it.stage == Stage.OBSERVER and _has_just_bought(it),
    lasts_days=30,
)

DORMANT = Play(
    key="dormant.rest",
    call=Call.REST,
    title=_("Long gone, and let be"),
    why=_("The last order was on %(bought)s. To call somebody back rarely brings them closer."),
    todo=_("Leave the door open and send nothing, until they come by themselves."),
    leave_out=_("A discount to win them back."),
    suits=lambda it: Mark.DORMANT in it.marks,
    lasts_days=90,
)

PLAYS = (CARE, ANSWER, REST, DORMANT)
