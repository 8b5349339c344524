"""循環: supporter and teller of the story; thanks put into words, respect and room (余白)."""

from django.utils.translation import gettext_lazy as _

from crm.followups.enums import Call
from crm.followups.play import Draft, Play
from crm.guard.enums import Channel
from crm.mail.enums import Purpose
from crm.stages.enums import Direction, Stage

THANK = Play(
    key="circulation.thank",
    call=Call.THANK,
    title=_("Passed on and not yet thanked for"),
    why=_("On %(on)s: %(deed)s. Nobody has thanked them yet; it is %(days)s now."),
    todo=_("Thank them by name, in words, and let them know how it was received."),
    leave_out=_("A discount or a gift in return. The words are enough."),
    suits=lambda it: it.unthanked_pass is not None,
    about=lambda it: it.unthanked_pass,
    lasts_days=45,
    purpose=Purpose.REPLY,
    channel=Channel.MAIL,
    is_personal=True,
    drafts={
        "ja": Draft(
            subject="ご縁をつないでくださり、ありがとうございます",
            opening="このたびは、わたしどものことを人に伝えてくださり、ほんとうにありがとうございます。",
            closing="おことばを分けてくださったことを、店の者みなで大切にいたします。",
        ),
        "en": Draft(
            subject="Thank you for bringing us together",
            opening="Thank you, truly, for speaking of us to others.",
            closing="That you gave us your words is something all of us here hold dear.",
        ),
    },
)

QUIET = Play(
    key="circulation.quiet",
    call=Call.HEED,
    title=_("A supporter gone quiet"),
    why=_("They have told others of us, and it has grown quiet. This is the gravest farewell."),
    todo=_("A letter by hand, from the one who keeps the shop: thanks for all of it, no more."),
    leave_out=_("The question why, a request, a gift."),
    suits=lambda it: (
        it.stage == Stage.CIRCULATION and (it.has_cooled or it.direction is Direction.QUIET)
    ),
    lasts_days=30,
    channel=Channel.LETTER,
    is_personal=True,
    drafts={
        "ja": Draft(
            subject="お手紙",
            opening="ご無沙汰しております。折にふれて、これまでのことを思い返しております。",
            closing="お礼だけを申し上げたく、筆をとりました。どうぞお健やかにお過ごしください。",
        ),
        "en": Draft(
            subject="A letter",
            opening="It has been a while, and I often think of all that you have done for us.",
            closing="I write to say thank you, and nothing else. May you be well.",
        ),
    },
)

ROOM = Play(
    key="circulation.room",
    call=Call.REST,
    title=_("Respect and room"),
    why=_("They carry the shop to others, %(passes)s times within a year, and all is thanked for."),
    todo=_("Leave them room, until they speak. Do not turn to the same few people again."),
    leave_out=_("Special treatment, and the next favour."),
    suits=lambda it: it.stage == Stage.CIRCULATION,
    lasts_days=45,
)

PLAYS = (THANK, QUIET, ROOM)
