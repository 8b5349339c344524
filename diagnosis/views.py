"""The quiz for anybody: no login, no cookie, no JavaScript. Only a press changes anything."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.customers.addresses import address_hmac, mailbox
from crm.stages.enums import Stage
from crm.stages.labels import STAGE_GLOSSES, STAGE_NAMES
from diagnosis import services
from diagnosis.forms import AnswerForm, LeadForm
from diagnosis.leads import confirm, lead_by_token, take_lead
from diagnosis.models import Attempt, Quiz
from diagnosis.rates import is_too_much, sender_of
from diagnosis.results import view_of
from diagnosis.selectors import (
    attempt_by_result,
    attempt_by_token,
    next_unanswered,
    open_version,
    others,
)

UNREADABLE, TOO_MANY = 422, 429

DAY, HOUR, MINUTE = 24 * 3600, 3600, 60
BEGIN_PER_SENDER = 30  # an office behind one address takes it together
BEGIN_PER_QUIZ = 600
ANSWER_PER_SENDER = 240  # in a minute; a person needs a few seconds for each question
MAIL_PER_SENDER = 5
MAIL_PER_MAILBOX = 3  # in a day, whoever asks: nobody shall be buried in results

View = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    status_code = 303


def public(view: View) -> View:
    """A page of the quiz. Exempt from CSRF by decision: no cookie stands behind it, so there
    is nothing another site could borrow; the authority is the token in the address."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(request.shop.zone), translation.override(translation.get_language()):
            response = view(request, slug, *args, **kwargs)
            response.headers["Content-Language"] = translation.get_language()
        add_never_cache_headers(response)
        return response

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@public
def start(request: Any, slug: str) -> HttpResponse:
    """What awaits whoever begins; a press begins."""
    quiz = get_object_or_404(Quiz, shop=request.shop, slug=slug)
    version = open_version(request.shop.pk, slug)
    if request.method == "POST" and version is not None:
        if refusal := _refuse_beginning(request, quiz):
            return refusal
        token = services.begin(
            version=version, language=translation.get_language(), now=timezone.now()
        )
        return SeeOther(_address(request, "quiz_question", slug, token, 1))
    context = {
        "quiz": version and version.content,
        "shop": request.shop,
        "stages": [(stage.value, STAGE_NAMES[stage], STAGE_GLOSSES[stage]) for stage in Stage],
        "site": settings.BASE_URL,
    }
    return render(request, "diagnosis/start.html", context)


@require_safe
@public
def resume(request: Any, slug: str, token: str) -> HttpResponse:
    """To the first question without an answer, or to the result."""
    attempt = _attempt(request, slug, token)
    return _onward(request, slug, token, attempt, next_unanswered(attempt))


@require_http_methods(["GET", "HEAD", "POST"])
@public
def question(request: Any, slug: str, token: str, n: int) -> HttpResponse:
    """One question; a press keeps its answer and leads to the next."""
    is_press = request.method == "POST"
    attempt = _attempt(request, slug, token, lock=is_press)
    content = attempt.version.content
    if not 1 <= n <= len(content.questions):
        raise Http404
    if attempt.finished_at is not None:
        return _onward(request, slug, token, attempt, n)
    asked = content.questions[n - 1]
    form = AnswerForm(asked, request.POST if is_press else None, attempt.answers.get(asked.id, []))
    if is_press and _is_flood(request, "answer", ANSWER_PER_SENDER, MINUTE):
        return _too_many(request)
    if is_press and form.is_valid:
        services.answer(attempt=attempt, question=asked, chosen=form.chosen, now=timezone.now())
        after = n + 1 if n < len(content.questions) else next_unanswered(attempt)
        return _onward(request, slug, token, attempt, after)
    context = {
        "quiz": content,
        "form": form,
        "n": n,
        "count": len(content.questions),
        "back": _address(request, "quiz_question", slug, token, n - 1) if n > 1 else "",
        "resume": settings.BASE_URL + reverse("quiz_resume", args=[slug, token]),
    }
    status = UNREADABLE if form.errors else 200
    return render(request, "diagnosis/question.html", context, status=status)


@require_safe
@public
def result(request: Any, slug: str, result: UUID) -> HttpResponse:
    """Where the business stands, and what comes next. Nothing here says who answered."""
    return _result_page(request, slug, _finished(request, slug, result), LeadForm())


@require_POST
@public
def ask_for_mail(request: Any, slug: str, result: UUID) -> HttpResponse:
    """The result by mail to whoever asks for it; the page says the same whatever we knew."""
    attempt = _finished(request, slug, result)
    form = LeadForm(request.POST)
    if not form.is_valid():
        return _result_page(request, slug, attempt, form, status=UNREADABLE)
    if not form.fell_in_trap:
        if _is_flood(request, "mail", MAIL_PER_SENDER, HOUR):
            return _too_many(request)
        if not _is_buried(form.cleaned_data["email"]):
            take_lead(
                attempt=attempt,
                shop=request.shop,
                email=form.cleaned_data["email"],
                may_contact=form.cleaned_data["may_contact"],
                language=translation.get_language(),
                now=timezone.now(),
            )
    return SeeOther(_address(request, "quiz_result", slug, result, sent="1"))


@require_http_methods(["GET", "HEAD", "POST"])
@public
def confirm_contact(request: Any, slug: str, wish: str) -> HttpResponse:
    """Behind the link in the mail: a press says that the shop may write."""
    lead = lead_by_token(request.shop.pk, wish)
    if lead is None:
        raise Http404
    if request.method == "POST":
        confirm(lead=lead, now=timezone.now())
        return SeeOther(_address(request, "quiz_confirm", slug, wish))
    context = {"shop": request.shop, "is_confirmed": lead.confirmed_at is not None}
    return render(request, "diagnosis/confirm.html", context)


@require_POST
@public
def again(request: Any, slug: str, result: UUID) -> HttpResponse:
    """The same quiz anew, to be seen beside this result."""
    earlier = _finished(request, slug, result)
    version = open_version(request.shop.pk, slug)
    if version is None:
        return SeeOther(_address(request, "quiz", slug))
    if refusal := _refuse_beginning(request, version.quiz):
        return refusal
    token = services.begin(
        version=version,
        language=translation.get_language(),
        now=timezone.now(),
        earlier=earlier,
    )
    return SeeOther(_address(request, "quiz_question", slug, token, 1))


def _result_page(
    request: Any, slug: str, attempt: Attempt, form: LeadForm, status: int = 200
) -> HttpResponse:
    context = {
        "shop": request.shop,
        "slug": slug,
        "result": view_of(attempt),
        "result_id": attempt.result,
        "others": others(request.shop.pk, attempt.version.quiz_id),
        "is_open": open_version(request.shop.pk, slug) is not None,
        "site": settings.BASE_URL,
        "picture": f"previews/stage-{attempt.stage}.png",
        "form": form,
        "is_sent": "sent" in request.GET,
        "address": settings.BASE_URL + reverse("quiz_result", args=[slug, attempt.result]),
    }
    return render(request, "diagnosis/result.html", context, status=status)


def _attempt(request: Any, slug: str, token: str, *, lock: bool = False) -> Attempt:
    attempt = attempt_by_token(request.shop.pk, slug, token, lock=lock)
    if attempt is None:
        raise Http404
    # The language it was begun in, unless this address names another; for this request only.
    translation.activate(request.lang or attempt.language)
    return attempt


def _finished(request: Any, slug: str, result: UUID) -> Attempt:
    attempt = attempt_by_result(request.shop.pk, slug, result)
    if attempt is None:
        raise Http404
    return attempt


def _onward(request: Any, slug: str, token: str, attempt: Attempt, n: int) -> HttpResponse:
    if attempt.result is not None:
        return SeeOther(_address(request, "quiz_result", slug, attempt.result))
    return SeeOther(_address(request, "quiz_question", slug, token, n))


def _address(request: Any, name: str, *args: object, **query: str) -> str:
    """The address of a page of the quiz, in the language chosen on this one."""
    if request.lang:
        query["lang"] = request.lang
    path = reverse(name, args=args)
    return f"{path}?{urlencode(query)}" if query else path


def _refuse_beginning(request: Any, quiz: Quiz) -> HttpResponse | None:
    """None, unless this sender or this quiz has begun too often in the hour."""
    if _is_flood(request, f"begin:{quiz.pk}", BEGIN_PER_SENDER, HOUR):
        return _too_many(request)
    if is_too_much("begin", who=f"quiz-{quiz.pk}", limit=BEGIN_PER_QUIZ, seconds=HOUR):
        return _too_many(request)
    return None


def _is_flood(request: Any, what: str, limit: int, seconds: int) -> bool:
    return is_too_much(f"quiz_{what}", who=sender_of(request), limit=limit, seconds=seconds)


def _is_buried(email: str) -> bool:
    """Whether this mailbox was sent as many results today as anybody asks for themselves; of
    all shops together, and kept as a hash."""
    mailbox_hmac = address_hmac(mailbox(email), shop_id=0)
    return is_too_much("quiz_mail_to", who=mailbox_hmac, limit=MAIL_PER_MAILBOX, seconds=DAY)


def _too_many(request: Any) -> HttpResponse:
    return render(request, "diagnosis/too_many.html", status=TOO_MANY)
