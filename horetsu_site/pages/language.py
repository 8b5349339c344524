from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from crm.shops.services import set_language


@require_POST
@login_required
def choose(request: Any) -> HttpResponse:
    """Remember the language a member chose, and go back to the page they came from."""
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        set_language(user=request.user, language=language)
    here = request.POST.get("next", "")
    is_ours = here.startswith("/") and url_has_allowed_host_and_scheme(here, allowed_hosts=None)
    return HttpResponseRedirect(here if is_ours else reverse("home"))
