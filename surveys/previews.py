"""What a customer would receive and see, shown to staff. Nothing here can be sent or answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from crm.mail.services import Words
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.stages.enums import Stage
from surveys.desk import page, survey_or_404
from surveys.enums import Occasion, Reminding, SurveyKind, Tone
from surveys.forms import AnswerForm
from surveys.letters import Links, letter, sender_of, tone_of
from surveys.models import Survey
from surveys.wording import Item

#: A stage for each tone, the first that is spoken to so.
STAGES = (Stage.OBSERVER, Stage.LANDING, Stage.EMPATHY)

# A mail brings its own styles; neither frame runs or sends anything.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Sample:
    """What is looked at: one occasion, in one language, as somebody at one stage gets it."""

    survey: Survey
    occasion: Occasion
    language: str
    stage: Stage
    reminding: Reminding = Reminding.NEVER

    @property
    def item(self) -> Item:
        return self.survey.versions.latest("n").item(self.occasion, self.language)

    @property
    def tone(self) -> Tone:
        return tone_of(self.stage)

    def address(self, name: str, **instead: Any) -> str:
        """The address of this sample, or of one that differs in something."""
        chosen: dict[str, Any] = {
            "occasion": self.occasion.value, "lang": self.language, "stage": int(self.stage),
            "mail": self.reminding.value,
        } | instead  # fmt: skip
        return f"{reverse(name, args=[self.survey.shop.slug, self.survey.pk])}?{urlencode(chosen)}"


@require_safe
@member_may(Action.READ)
def preview(request: HttpRequest, shop: Shop, survey_id: int) -> HttpResponse:
    """The mail and the page of a survey, side by side."""
    sample = _sample(request, shop, survey_id)
    response = page(
        request,
        "preview",
        shop,
        survey=sample.survey,
        sample=sample,
        letter=_letter(sample, shop),
        mail_url=sample.address("survey_preview_mail"),
        page_url=sample.address("survey_preview_page"),
        tabs=_tabs(sample),
    )
    response.policy_also = "; frame-src 'self'"  # type: ignore[attr-defined]
    return response


@require_safe
@member_may(Action.READ)
@xframe_options_sameorigin
def preview_mail(request: HttpRequest, shop: Shop, survey_id: int) -> HttpResponse:
    """The HTML of the mail, for its frame."""
    sample = _sample(request, shop, survey_id)
    return HttpResponse(
        _letter(sample, shop).html, headers={"Content-Security-Policy": _MAIL_POLICY}
    )


@require_safe
@member_may(Action.READ)
@xframe_options_sameorigin
def preview_page(request: HttpRequest, shop: Shop, survey_id: int) -> HttpResponse:
    """The page behind the mail's link, for its frame."""
    sample = _sample(request, shop, survey_id)
    with translation.override(sample.language):
        item = sample.item
        form = AnswerForm(answers=item.answers, invitation_id=0, now=timezone.now())
        context = {
            "shop": shop,
            "item": item,
            "form": form,
            "sender": sender_of(item, shop),
            "asks_for_no_words": sample.tone is Tone.CARE,
            "privacy_url": "#",
            "stop_url": "#",
            "is_preview": True,
        }
        response = render(request, "surveys/answer.html", context)
        response.headers["Content-Language"] = sample.language
    response.headers["Content-Security-Policy"] = _PAGE_POLICY
    return response


def _letter(sample: Sample, shop: Shop) -> Words:
    with translation.override(sample.language):
        name = _("Hanako Yamada")
    return letter(
        shop=shop,
        occasion=sample.occasion,
        item=sample.item,
        language=sample.language,
        tone=sample.tone,
        links=Links(answer="#", privacy="#", stop="#"),
        customer_name=name,
        ordered_at=_ordered_at(sample),
        reminding=sample.reminding,
    )


def _ordered_at(sample: Sample) -> datetime | None:
    if sample.occasion is Occasion.NPS:
        return None
    days = 1 if sample.occasion is Occasion.EXPECTATION else 10
    return timezone.now() - timedelta(days=days)


def _sample(request: HttpRequest, shop: Shop, survey_id: int) -> Sample:
    """What the address asks for; what it does not say, or says wrongly, is the first there is."""
    survey = survey_or_404(shop, survey_id)
    occasions = {each.value: each for each in survey.occasions}
    languages = [code for code, _name in settings.LANGUAGES]
    stages = {str(int(each)): each for each in _stages(survey)}
    language = request.GET.get("lang", "")
    occasion = occasions.get(request.GET.get("occasion", ""), survey.occasions[0])
    stage = stages.get(request.GET.get("stage", ""), _stages(survey)[0])
    reminding = Reminding.NEVER
    if survey.may_remind(occasion, stage):
        is_reminder = request.GET.get("mail") == Reminding.IS_ONE
        reminding = Reminding.IS_ONE if is_reminder else Reminding.MAY_FOLLOW
    return Sample(
        survey=survey,
        occasion=occasion,
        language=language if language in languages else shop.locale,
        stage=stage,
        reminding=reminding,
    )


def _stages(survey: Survey) -> tuple[Stage, ...]:
    """An Observer is never asked whether they would introduce us."""
    return STAGES[1:] if survey.kind == SurveyKind.NPS else STAGES


def _tabs(sample: Sample) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What else there is to look at: rows of (words, address, whether it is shown now)."""
    here = "survey_preview"
    near = {
        Stage.OBSERVER: _("To an Observer"),
        Stage.LANDING: _("To somebody at Landing"),
        Stage.EMPATHY: _("From Empathy on"),
    }
    return [
        (
            _("Question"),
            [
                (
                    str(each.label),
                    sample.address(here, occasion=each.value),
                    each is sample.occasion,
                )
                for each in sample.survey.occasions
            ],
        ),
        (
            _("How near the customer is"),
            [
                (near[each], sample.address(here, stage=int(each)), each is sample.stage)
                for each in _stages(sample.survey)
            ],
        ),
        (
            _("Language"),
            [
                (str(name), sample.address(here, lang=code), code == sample.language)
                for code, name in settings.LANGUAGES
            ],
        ),
        (_("Which mail"), _mails(sample)),
    ]


def _mails(sample: Sample) -> list[tuple[str, str, bool]]:
    """The question, and its reminder where there is one."""
    if sample.reminding is Reminding.NEVER:
        return []
    words = {Reminding.MAY_FOLLOW: _("The question"), Reminding.IS_ONE: _("The reminder")}
    return [
        (
            words[each],
            sample.address("survey_preview", mail=each.value),
            each is sample.reminding,
        )
        for each in words
    ]
