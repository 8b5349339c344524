from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.shops.selectors import shops_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is; and for somebody signed in, the way to their shops."""
    shops = shops_of(request.user) if request.user.is_authenticated else []
    return render(request, "pages/home.html", {"shops": shops, "is_local": settings.LOCAL})
