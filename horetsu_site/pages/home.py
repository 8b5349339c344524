from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm.shops.selectors import memberships_of
from crm.stages.enums import Stage
from crm.stages.labels import STAGE_GLOSSES, STAGE_NAMES
from diagnosis.models import QuizAddress

# Of each stage: what comes first, and what to refrain from (domain.md, section 6, in short).
MANNERS = {
    Stage.OBSERVER: (
        gettext_lazy("To be felt as safe"),
        gettext_lazy("A discount or a subscription right after registering"),
    ),
    Stage.LANDING: (
        gettext_lazy("To deepen the ease, quietly"),
        gettext_lazy("Selling more at once; success stories"),
    ),
    Stage.EMPATHY: (
        gettext_lazy("A person with a name, writing to one person"),
        gettext_lazy("Template replies and automatic thanks"),
    ),
    Stage.ENGAGEMENT: (
        gettext_lazy("To trust, and leave it to them"),
        gettext_lazy("Managing them; giving them marks"),
    ),
    Stage.CIRCULATION: (
        gettext_lazy("Thanks put into words, and room"),
        gettext_lazy("Leaning on the same few people"),
    ),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For a guest, what this is; for somebody signed in, the way to their shops."""
    if not request.user.is_authenticated:
        return _landing(request)
    context = {"memberships": memberships_of(request.user), "is_local": settings.LOCAL}
    return render(request, "pages/home.html", context)


def _landing(request: HttpRequest) -> HttpResponse:
    has_quiz = QuizAddress.objects.filter(slug=settings.LANDING_QUIZ).exists()
    context = {
        "quiz_url": reverse("quiz", args=[settings.LANDING_QUIZ]) if has_quiz else "",
        "stages": [
            (stage.value, STAGE_NAMES[stage], STAGE_GLOSSES[stage], *MANNERS[stage])
            for stage in Stage
        ],
        "today_says": _("The day's list of a sample shop: whom to answer, and whom to leave alone"),
        "figures_says": _("The figures of a sample shop: each with how many, and how sure"),
        "is_local": settings.LOCAL,
        "site": settings.BASE_URL,
    }
    return render(request, "pages/landing.html", context)
