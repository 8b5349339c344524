"""関与: a party to it; trust, and leave it to them."""

from django.utils.translation import gettext_lazy as _

from crm.followups.enums import Call
from crm.followups.play import Draft, Play
from crm.guard.enums import Channel
from crm.mail.enums import Purpose
from crm.stages.enums import Stage

THANK = Play(
    key="engagement.thank",
    call=Call.THANK,
    title=_("Done for us and not yet thanked for"),
    why=_("On %(on)s: %(deed)s. Nobody has thanked them yet; it is %(days)s now."),
    todo=_("Thank them by name, and tell them what became of it."),
    leave_out=_("A gift in return, and the next request."),
    suits=lambda it: it.unthanked_act is not None,
    about=lambda it: it.unthanked_act,
    lasts_days=45,
    purpose=Purpose.REPLY,
    channel=Channel.MAIL,
    is_personal=True,
    drafts={
        "ja": Draft(
            subject="お力添えに、心から御礼申し上げます",
            opening="先日は、ご自身のお時間を割いてくださり、ありがとうございました。",
            closing="その後のことも、折を見てお知らせいたします。",
        ),
        "en": Draft(
            subject="With heartfelt thanks",
            opening="Thank you for giving your own time the other day.",
            closing="I shall let you know what becomes of it.",
        ),
    },
)

ENTRUST = Play(
    key="engagement.entrust",
    call=Call.TEND,
    title=_("Leave something to them"),
    why=_("They moved by themselves on %(acts)s days within a year. All is thanked for."),
    todo=_("Tell them what became of it, and leave the next step to them."),
    leave_out=_("Rules, numbers, dates, and telling them what to do."),
    suits=lambda it: it.stage == Stage.ENGAGEMENT and not it.has_cooled,
    lasts_days=30,
    channel=Channel.MAIL,
    is_personal=True,
    drafts={
        "ja": Draft(
            subject="その後のご報告です",
            opening="いつもありがとうございます。お力添えいただいたことの、その後をお知らせします。",
            closing="この先をどうなさるかは、すべてお任せいたします。",
        ),
        "en": Draft(
            subject="What has become of it",
            opening="Thank you, as ever. Let me tell you what has become of what you began.",
            closing="Where it goes from here, I gladly leave to you.",
        ),
    },
)

ROOM = Play(
    key="engagement.room",
    call=Call.REST,
    title=_("Step back, and leave it to them"),
    why=_("They are a party to it since %(since)s. What is theirs grows in its own time."),
    todo=_("Ask for nothing and take back what was asked, until they move by themselves."),
    leave_out=_("A reminder of any kind."),
    suits=lambda it: it.stage == Stage.ENGAGEMENT,
    lasts_days=45,
)

PLAYS = (THANK, ENTRUST, ROOM)
