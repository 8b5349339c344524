"""The people of a shop, and the page behind an invitation's link."""

from typing import Any

from allauth.core.internal.ratelimit import consume
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.shops.access import member_may
from crm.shops.enums import Action, Role
from crm.shops.models import MemberInvitation, Membership, Shop
from crm.shops.paging import page_by_key
from crm.shops.people import services
from crm.shops.people.forms import InviteForm, RoleForm
from crm.shops.people.selectors import (
    invitation_behind,
    is_open,
    members_of,
    open_invitations,
)

MAILS_A_DAY = {"invite": "100/d/user"}


@require_safe
@member_may(Action.MANAGE_PEOPLE)
def people(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Who works here, and who is invited."""
    page = page_by_key(members_of(shop), after=request.GET.get("after"), newest_first=False)
    context = {"page": page, "invitations": open_invitations(shop), "now": timezone.now()}
    return _render(request, shop, "people", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.MANAGE_PEOPLE, proven=True)
def people_invite(request: Any, shop: Shop) -> HttpResponse:
    """Invite a colleague by mail."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _may_mail(request, form):
        try:
            invitation = services.invite(
                shop=shop, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _we_have_written(invitation.email))
            return redirect("people", shop.slug)
    return _render(request, shop, "invite", {"form": form}, is_refused=form.is_bound)


@require_POST
@member_may(Action.MANAGE_PEOPLE)
def invitation_renew(request: Any, shop: Shop, invitation_id: int) -> HttpResponse:
    """Send the invitation again, with a new link."""
    invitation = get_object_or_404(MemberInvitation, shop=shop, pk=invitation_id)
    if invitation.settled_at:
        messages.info(request, _("This invitation is no longer open."))
    elif not _may_mail(request):
        messages.error(request, _too_many())
    else:
        services.renew(invitation, by=request.user, now=timezone.now())
        messages.success(request, _we_have_written(invitation.email))
    return redirect("people", shop.slug)


@require_POST
@member_may(Action.MANAGE_PEOPLE)
def invitation_revoke(request: Any, shop: Shop, invitation_id: int) -> HttpResponse:
    """Take the invitation back."""
    invitation = get_object_or_404(MemberInvitation, shop=shop, pk=invitation_id)
    if not invitation.settled_at:
        services.revoke(invitation, by=request.user, now=timezone.now())
    messages.success(request, _("The invitation is taken back; its link opens nothing any more."))
    return redirect("people", shop.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.MANAGE_PEOPLE, proven=True)
def people_role(request: Any, shop: Shop, member_id: int) -> HttpResponse:
    """Give somebody another role."""
    member = get_object_or_404(members_of(shop), pk=member_id)
    typed = request.POST if request.method == "POST" else None
    form = RoleForm(typed, initial={"role": member.role})
    if form.is_valid():
        try:
            services.change_role(member, Role(form.cleaned_data["role"]), by=request.user)
        except ValidationError as error:
            form.add_error("role", error)
        else:
            messages.success(request, _("Saved."))
            return _after_change(shop, member, request.user.pk)
    return _render(request, shop, "role", {"form": form, "member": member}, form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.MANAGE_PEOPLE, proven=True)
def people_remove(request: Any, shop: Shop, member_id: int) -> HttpResponse:
    """Take somebody out of the shop."""
    member = get_object_or_404(members_of(shop), pk=member_id)
    return _remove(
        request,
        shop,
        member,
        heading=_("Take %(name)s out of the shop?") % {"name": member.user},
        said=[
            _("They will no longer see anything of this shop."),
            _("What they wrote and did stays. API keys they may know have to be revoked apart."),
        ],
        back=reverse("people", args=[shop.slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.READ)
def leave_shop(request: Any, shop: Shop) -> HttpResponse:
    """Leave a shop oneself."""
    return _remove(
        request,
        shop,
        request.membership,
        heading=_("Leave %(shop)s?") % {"shop": shop.name},
        said=[_("You will no longer see anything of this shop, until you are invited again.")],
        back=reverse("home"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: Any, token: str) -> HttpResponse:
    """What an invitation's link opens: a question, which a press answers."""
    now = timezone.now()
    invitation = invitation_behind(request.join_link)
    if invitation is None:
        raise Http404
    shop: Shop = request.shop
    if _works_here(request, shop):
        return redirect("shop", shop.slug)
    if not is_open(invitation, now=now):
        return render(request, "account/join_closed.html", status=410)
    if request.method != "POST":
        return render(request, "account/join.html", {"invitation": invitation, "shop": shop})
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if services.accept(request.join_link, user=request.user, now=now) is None:
        # Somebody else's: the page says so, and whose it is.
        return render(
            request, "account/join.html", {"invitation": invitation, "shop": shop}, status=403
        )
    messages.success(request, _("Welcome to %(shop)s.") % {"shop": shop.name})
    return redirect("shop", shop.slug)


def _remove(
    request: Any, shop: Shop, member: Membership, *, heading: str, said: list[str], back: str
) -> HttpResponse:
    """Ask, then take a member out; and say why that cannot be."""
    context = {"heading": heading, "said": said, "back": back, "is_grave": True}
    if request.method == "POST":
        try:
            services.remove(member, by=request.user)
        except ValidationError as error:
            context["said"] = error.messages
            context["cannot"] = True
            return _render(request, shop, "remove", context, is_refused=True)
        messages.success(request, _("Done."))
        return _after_change(shop, member, request.user.pk)
    return _render(request, shop, "remove", context)


def _after_change(shop: Shop, member: Membership, own_id: int) -> HttpResponse:
    # Who changed themselves may not see the list of people any more.
    return redirect("home") if member.user_id == own_id else redirect("people", shop.slug)


def _works_here(request: Any, shop: Shop) -> bool:
    user_id = request.user.pk
    return bool(user_id) and Membership.objects.filter(shop=shop, user_id=user_id).exists()


def _may_mail(request: Any, form: InviteForm | None = None) -> bool:
    """Whether this person may have one more mail sent today; else the form says so."""
    if consume(request, app="crm.shops", action="invite", config=MAILS_A_DAY, user=request.user):
        return True
    if form:
        form.add_error(None, _too_many())
    return False


def _too_many() -> str:
    return _("Those were many invitations today. Please go on tomorrow.")


def _we_have_written(address: str) -> str:
    return _("We have written to %(address)s.") % {"address": address}


def _render(
    request: HttpRequest,
    shop: Shop,
    page: str,
    context: dict[str, Any],
    is_refused: bool = False,
) -> HttpResponse:
    return render(
        request,
        f"crm/shops/people/{page}.html",
        {"shop": shop, "section": "settings", "tab": "people", **context},
        status=422 if is_refused else 200,
    )
