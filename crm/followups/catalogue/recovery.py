"""まずは解決を: what fell short is put right before anything else."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from crm.followups.enums import Call
from crm.followups.play import Draft, Play
from crm.followups.situation import RECENT
from crm.guard.enums import Channel
from crm.ledger.enums import Kind
from crm.mail.enums import Purpose
from crm.stages.enums import Recovered

LISTEN = Play(
    key="recovery.listen",
    call=Call.SOLVE,
    title=_("Solve it first"),
    why=_("Something fell short on %(on)s and is unresolved; it is %(days)s now."),
    todo=_("Let a person listen, say what went wrong, and put it right. A call may be kinder."),
    leave_out=_("Excuses, gifts instead of an answer, and anything about buying."),
    suits=lambda it: it.is_recovery_first,
    about=lambda it: it.trouble,
    lasts_days=365,
    purpose=Purpose.RECOVERY,
    channel=Channel.MAIL,
    is_personal=True,
    drafts={
        "ja": Draft(
            subject="このたびのことについて、お詫びとお返事",
            opening="このたびは、ご期待に沿えず申し訳ございません。お知らせくださり、ありがとうございます。",
            closing="ほかにもお気づきのことがあれば、このメールにそのままお返事ください。\n"
            "わたしが拝見いたします。",
        ),
        "en": Draft(
            subject="About what went wrong: our apology and our answer",
            opening="We are sorry that we fell short of what you expected of us, and we thank you"
            " for telling us.",
            closing="Should there be anything else, simply answer this mail. It comes to me.",
        ),
    },
)

THANK = Play(
    key="recovery.thank",
    call=Call.ANSWER,
    title=_("An answer to how the solution was felt"),
    why=_("On %(on)s they told us that our response went beyond what they expected."),
    todo=_("Thank them for telling us a second time, and say what has changed in the shop."),
    leave_out=_("A request for anything in return, least of all a good word."),
    suits=lambda it: (
        it.recovered is Recovered.EXCEEDED
        and it.unanswered_words is not None
        and it.unanswered_words.kind == Kind.RECOVERY
    ),
    about=lambda it: it.unanswered_words,
    lasts_days=30,
    purpose=Purpose.REPLY,
    channel=Channel.MAIL,
    is_personal=True,
    drafts={
        "ja": Draft(
            subject="その後のことを、お知らせくださりありがとうございます",
            opening="その後のご様子をお聞かせくださり、ありがとうございます。胸をなでおろしております。",
            closing="教えていただいたことは、店の者みなで分け合い、改めてまいります。",
        ),
        "en": Draft(
            subject="Thank you for telling us how it went on",
            opening="Thank you for telling us how it went on. It is a relief to hear.",
            closing="All of us here have heard what you taught us, and we keep to it.",
        ),
    },
)

REST = Play(
    key="recovery.rest",
    call=Call.REST,
    title=_("Quiet after the solution"),
    why=_("It was settled on %(settled)s. A quiet time lets it heal."),
    todo=_("Send nothing until the next order, and take special care of that one."),
    leave_out=_("Apologising once more: it only brings back what is settled."),
    suits=lambda it: it.settled_on is not None and it.today - it.settled_on <= RECENT,
    lasts_days=RECENT // timedelta(days=1),
)

PLAYS = (LISTEN, THANK, REST)
