import hmac
from datetime import datetime

from django.db.models import QuerySet

from crm.shops.models import MemberInvitation, Membership, Shop
from crm.shops.people.tokens import JoinLink, digest


def members_of(shop: Shop) -> QuerySet[Membership]:
    """Who works here."""
    return Membership.objects.filter(shop=shop).select_related("user")


def open_invitations(shop: Shop) -> QuerySet[MemberInvitation]:
    """The colleagues who were invited and have not come yet, the latest first."""
    return MemberInvitation.objects.filter(shop=shop, settled_at=None).order_by("-id")


def invitation_behind(link: JoinLink, *, lock: bool = False) -> MemberInvitation | None:
    """The invitation whose link this is, open or no longer; None for a link we never sent."""
    rows = MemberInvitation.objects.filter(shop_id=link.shop_id, pk=link.invitation_id)
    found = (rows.select_for_update() if lock else rows).first()
    return found if found and hmac.compare_digest(found.sha256, digest(link.secret)) else None


def is_open(invitation: MemberInvitation, *, now: datetime) -> bool:
    """Whether somebody can still come by it."""
    return invitation.settled_at is None and now < invitation.expires_at
