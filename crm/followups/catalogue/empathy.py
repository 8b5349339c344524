"""共感: a tie as between persons; every letter is by one person, to one person."""

from django.utils.translation import gettext_lazy as _

from crm.followups.enums import Call
from crm.followups.play import Draft, Play
from crm.guard.enums import Channel
from crm.mail.enums import Purpose
from crm.stages.enums import Balance, Stage

ANSWER = Play(
    key="empathy.answer",
    call=Call.ANSWER,
    title=_("Words waiting for a reply"),
    why=_("They wrote in their own words on %(on)s; it is %(days)s now."),
    todo=_("Answer by name, to this person alone: take up one thing they said."),
    leave_out=_("Anything one could have sent to somebody else."),
    suits=lambda it: it.stage >= Stage.EMPATHY and it.unanswered_words is not None,
    about=lambda it: it.unanswered_words,
    lasts_days=45,
    purpose=Purpose.REPLY,
    channel=Channel.MAIL,
    is_personal=True,
    drafts={
        "ja": Draft(
            subject="おことばを、ありがとうございます",
            opening="お便りを、ゆっくり拝読しました。",
            closing="またいつか、お話をうかがえましたらうれしく思います。",
        ),
        "en": Draft(
            subject="Thank you for your words",
            opening="I have read your words, slowly and more than once.",
            closing="I shall be glad whenever I hear from you again.",
        ),
    },
)

WARM = Play(
    key="empathy.warm",
    call=Call.HEED,
    title=_("Let them see who is here"),
    why=_("It has grown quieter between us since %(cooled)s."),
    todo=_("A word from a named person: what happened here, and that you thought of them."),
    leave_out=_("A sale, a reason to come back, a reproach."),
    suits=lambda it: it.stage == Stage.EMPATHY and it.has_cooled,
    lasts_days=21,
    channel=Channel.MAIL,
    is_personal=True,
    drafts={
        "ja": Draft(
            subject="店先から、ひとことだけ",
            opening="ご無沙汰しております。ふと思い出して、筆をとりました。",
            closing="お返事はどうぞお気になさらず。お元気でお過ごしください。",
        ),
        "en": Draft(
            subject="A word from the shop",
            opening="It has been a while. You came to my mind today, and so I write.",
            closing="There is no need to answer. I hope that you are well.",
        ),
    },
)

CARD = Play(
    key="empathy.card",
    call=Call.HEED,
    title=_("A card with the next parcel"),
    why=_("It has grown quieter between us since %(cooled)s, and they asked for no letters."),
    todo=_("Write a card now and lay it by; it goes with the next parcel."),
    leave_out=_("A sale, a reason to come back, a reproach."),
    suits=lambda it: it.stage == Stage.EMPATHY and it.has_cooled,
    lasts_days=90,
    channel=Channel.INSERT,
    is_personal=True,
    drafts={
        "ja": Draft(
            subject="同梱のカード",
            opening="またお包みできることを、うれしく思っております。",
            closing="どうぞお健やかに。",
        ),
        "en": Draft(
            subject="A card in the parcel",
            opening="It is a joy to pack something for you again.",
            closing="May you be well.",
        ),
    },
)

SHARE = Play(
    key="delight.enclose",
    call=Call.TEND,
    title=_("A little more, to give away"),
    why=_("It was more than they expected, and they would speak of us (%(nps)s of 10)."),
    todo=_("With the next parcel, a little more than one person needs, without a word about it."),
    leave_out=_("“Please tell your friends.” What one may give away is passed on unasked."),
    suits=lambda it: (
        it.stage == Stage.EMPATHY and it.balance is Balance.DELIGHTED and (it.nps or 0) >= 9
    ),
    lasts_days=60,
    channel=Channel.INSERT,
    drafts={
        "ja": Draft(
            subject="同梱のカード",
            opening="ほんの少しですが、余分にお包みしました。",
            closing="どなたかとご一緒の折にでも。",
        ),
        "en": Draft(
            subject="A card in the parcel",
            opening="We have packed a little more than you asked for.",
            closing="For a day when you have company.",
        ),
    },
)

REST = Play(
    key="empathy.rest",
    call=Call.REST,
    title=_("All is answered"),
    why=_("There has been a tie between persons since %(since)s, and nothing is left unsaid."),
    todo=_("Send nothing until they speak again. Know their name when they do."),
    leave_out=_("Writing only because it has been a while."),
    suits=lambda it: it.stage == Stage.EMPATHY,
    lasts_days=45,
)

PLAYS = (ANSWER, WARM, CARD, SHARE, REST)
