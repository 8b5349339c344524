from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from crm.shops.models import MemberInvitation, User
from crm.shops.people.tokens import JoinLink, join_token


def send_invitation(invitation: MemberInvitation, *, secret: str, by: User) -> None:
    """Mail the link; in the language of whom it is for, or else of whoever invites.

    Of the inviter the address is told, which was confirmed, and not the name, which anybody
    may write as they like.
    """
    shop = invitation.shop
    token = join_token(JoinLink(shop.pk, invitation.pk, secret))
    known = User.objects.filter(email=invitation.email).first()
    with translation.override((known and known.locale) or translation.get_language()):
        said = render_to_string(
            "crm/shops/people/invitation.txt",
            {
                "shop": shop,
                "by": by.email,
                "role": invitation.get_role_display(),
                "expires_at": invitation.expires_at.astimezone(shop.zone),
                "link": settings.BASE_URL + reverse("join", args=[token]),
                "base_url": settings.BASE_URL,
            },
        )
    subject, _, text = said.strip().partition("\n")
    EmailMessage(subject, f"{text.strip()}\n", to=[invitation.email], reply_to=[by.email]).send()
