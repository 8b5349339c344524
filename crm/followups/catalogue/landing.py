"""着地: the worry is settled; deepen reassurance, quietly."""

from django.utils.translation import gettext_lazy as _

from crm.followups.enums import Call
from crm.followups.play import Draft, Play
from crm.followups.situation import Situation
from crm.guard.enums import Channel
from crm.mail.enums import Purpose
from crm.stages.enums import Balance, Mark, Stage


def _has_it_for_a_while(it: Situation) -> bool:
    days = it.days_since(it.delivered_on)
    return days is not None and 7 <= days <= 45


DELIGHT = Play(
    key="delight.thank",
    call=Call.TEND,
    title=_("A line of thanks"),
    why=_("On %(on)s they told us that it was more than they expected."),
    todo=_("Thank them for telling us, in two lines, and leave it at that."),
    leave_out=_("The request to pass it on: whoever is delighted does so by themselves."),
    suits=lambda it: it.stage >= Stage.LANDING and it.delight is not None,
    about=lambda it: it.delight,
    lasts_days=14,
    purpose=Purpose.REPLY,
    channel=Channel.MAIL,
    drafts={
        "ja": Draft(
            subject="お聞かせくださり、ありがとうございます",
            opening="先日はお答えをくださり、ありがとうございました。"
            "お気に召していただけたとうかがい、店の者みなで喜んでおります。",
            closing="どうぞこれからも、ごゆっくりお楽しみください。",
        ),
        "en": Draft(
            subject="Thank you for telling us",
            opening="Thank you for your answer the other day. To hear that you like it has made"
            " all of us here happy.",
            closing="May you enjoy it for a long time.",
        ),
    },
)

REASSURE = Play(
    key="landing.reassure",
    call=Call.TEND,
    title=_("Whom to ask, quietly told"),
    why=_("Their first parcel came on %(delivered)s, and all seems well."),
    todo=_("One hint for using it well, and the name of the person to ask."),
    leave_out=_("Anything further to buy, and what other customers say."),
    suits=lambda it: (
        it.stage == Stage.LANDING and it.purchase_days == 1 and _has_it_for_a_while(it)
    ),
    lasts_days=21,
    channel=Channel.MAIL,
    drafts={
        "ja": Draft(
            subject="その後、お変わりなくお使いいただけていますか",
            opening="お届けしてからしばらくたちました。お手もとで、お役に立っておりましたら幸いです。",
            closing="お手入れや使い方で迷われたときは、わたしにお尋ねください。ご返信には及びません。",
        ),
        "en": Draft(
            subject="May it serve you well",
            opening="It has been a while since your parcel came. We hope it serves you well.",
            closing="Should a question come up about its use or care, ask me. There is no need to"
            " answer.",
        ),
    },
)

STORY = Play(
    key="landing.story",
    call=Call.TEND,
    title=_("A card about the one who makes it"),
    why=_("They have been at ease with us since %(since)s, and no more than that."),
    todo=_("With the next parcel, a card: who makes it, on which day, and what mattered to them."),
    leave_out=_("A question to answer, a place to follow us, success and numbers."),
    suits=lambda it: it.stage == Stage.LANDING and Mark.STALLED in it.marks and not it.has_cooled,
    lasts_days=60,
    channel=Channel.INSERT,
    drafts={
        "ja": Draft(
            subject="作り手のひとこと",
            opening="いつもお選びくださり、ありがとうございます。今日は、作り手のことを少しだけ。",
            closing="お手すきのときに、眺めていただければうれしく思います。",
        ),
        "en": Draft(
            subject="About the one who makes it",
            opening="Thank you for choosing us. Today, a few words about the person who makes it.",
            closing="For a quiet moment, whenever it comes.",
        ),
    },
)

REGULAR = Play(
    key="landing.regular",
    call=Call.REST,
    title=_("A quiet regular"),
    why=_("They have ordered %(orders)s times. A parcel as good as the last is the best reply."),
    todo=_("Send nothing; let each parcel be as the one before."),
    leave_out=_("Thanks that ask to be noticed, and any rank."),
    suits=lambda it: Mark.QUIET_REGULAR in it.marks,
    lasts_days=60,
)

SATISFIED = Play(
    key="satisfied.keep",
    call=Call.REST,
    title=_("The promise was kept"),
    why=_("It was as they expected. Who is satisfied has nothing to say, and comes again."),
    todo=_("Keep the promise and stay quiet until the next order."),
    leave_out=_("A request for words: there are none to give."),
    suits=lambda it: it.stage == Stage.LANDING and it.balance is Balance.SATISFIED,
    lasts_days=45,
)

COOLING = Play(
    key="landing.wait",
    call=Call.REST,
    title=_("Gone quiet, and let be"),
    why=_("They last ordered on %(bought)s. Silence is not coldness."),
    todo=_("Send nothing until the next order; when it comes, a note in that parcel."),
    leave_out=_("“We have not seen you for long.”"),
    suits=lambda it: it.stage == Stage.LANDING and it.has_cooled,
    lasts_days=60,
)

REST = Play(
    key="landing.rest",
    call=Call.REST,
    title=_("Leave them in peace"),
    why=_("The worry is settled since %(since)s. Silence suits them."),
    todo=_("Send nothing until they speak, act or order."),
    leave_out=_("Anything further to buy, and what other customers say."),
    suits=lambda it: it.stage == Stage.LANDING,
    lasts_days=45,
)

PLAYS = (DELIGHT, REASSURE, STORY, REGULAR, SATISFIED, COOLING, REST)
