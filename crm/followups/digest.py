"""The morning's digest: what the day holds, for those of the shop who want to be told."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import timezone, translation

from crm.followups.day import Day, day_of
from crm.shops.access import MAY
from crm.shops.enums import Action
from crm.shops.models import Membership, Shop

_WORKERS = [role for role, may in MAY.items() if Action.WORK in may]


def send_digest(*, shop: Shop, now: datetime) -> int:
    """Mail the day's list to each colleague in their language, once a day; how many mails.
    Nothing to do means no mail.

    It names nobody and quotes nothing: a mail is read on other people's screens.
    """
    day = day_of(shop, now=now)
    if not day.tasks:
        return 0
    today = now.astimezone(shop.zone).date()
    colleagues = list(
        Membership.objects.filter(
            shop=shop, wants_digest=True, role__in=_WORKERS, user__is_active=True
        )
        .exclude(digested_on=today)
        .select_related("user")
    )
    get_connection().send_messages([_mail(shop, day, colleague, now) for colleague in colleagues])
    Membership.objects.filter(pk__in=[colleague.pk for colleague in colleagues]).update(
        digested_on=today
    )
    return len(colleagues)


def _mail(shop: Shop, day: Day, colleague: Membership, now: datetime) -> EmailMultiAlternatives:
    context = {
        "shop": shop,
        "user": colleague.user,
        "hour": now.astimezone(shop.zone).hour,
        "day": day,
        "base_url": settings.BASE_URL,
    }
    language = colleague.user.locale or shop.locale
    with translation.override(language), timezone.override(shop.zone):
        subject, text, html = (
            render_to_string(f"emails/digest{end}", context).strip()
            for end in ("_subject.txt", ".txt", ".html")
        )
    mail = EmailMultiAlternatives(subject, f"{text}\n", to=[colleague.user.email])
    mail.attach_alternative(html, "text/html")
    return mail
