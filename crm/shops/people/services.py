"""Every change to who works in a shop. Each is written down with who made it."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.shops.audit import record
from crm.shops.enums import Act, Role
from crm.shops.models import MemberInvitation, Membership, Shop, User
from crm.shops.people.letters import send_invitation
from crm.shops.people.selectors import invitation_behind, is_open
from crm.shops.people.tokens import JoinLink, digest, new_secret

OPEN_FOR = timedelta(days=7)
MOST_OPEN = 50  # invitations that wait; each is a mail to somebody who may know nothing of us


@transaction.atomic
def invite(*, shop: Shop, email: str, role: Role, by: User, now: datetime) -> MemberInvitation:
    """Open a door for the person at this address, and mail them the link.

    ValidationError for somebody who is here or invited already. It says nothing of whether
    the address has an account.
    """
    _lock(shop)
    email = email.strip().lower()
    waiting = MemberInvitation.objects.filter(shop=shop, settled_at=None)
    if Membership.objects.filter(shop=shop, user__email=email).exists():
        raise ValidationError({"email": _("This person works here already.")})
    if waiting.filter(email=email).exists():
        raise ValidationError({"email": _("This person is invited already.")})
    if waiting.count() >= MOST_OPEN:
        raise ValidationError(_("Too many invitations are open. Please take some back first."))
    secret = new_secret()
    invitation = MemberInvitation.objects.create(
        shop=shop,
        email=email,
        role=role,
        sha256=digest(secret),
        invited_by=by,
        sent_at=now,
        expires_at=now + OPEN_FOR,
    )
    send_invitation(invitation, secret=secret, by=by)
    record(Act.COLLEAGUE_INVITED, shop=shop, by=by, about=email, role=role)
    return invitation


@transaction.atomic
def renew(invitation: MemberInvitation, *, by: User, now: datetime) -> None:
    """Mail a new link, good for another week; the one sent before opens nothing any more."""
    secret = new_secret()
    invitation.sha256 = digest(secret)
    invitation.sent_at = now
    invitation.expires_at = now + OPEN_FOR
    invitation.save(update_fields=["sha256", "sent_at", "expires_at"])
    send_invitation(invitation, secret=secret, by=by)
    record(Act.INVITATION_RENEWED, shop=invitation.shop, by=by, about=invitation.email)


@transaction.atomic
def revoke(invitation: MemberInvitation, *, by: User, now: datetime) -> None:
    """Close the door again."""
    invitation.settled_at = now
    invitation.save(update_fields=["settled_at"])
    record(Act.INVITATION_REVOKED, shop=invitation.shop, by=by, about=invitation.email)


@transaction.atomic
def accept(link: JoinLink, *, user: User, now: datetime) -> Membership | None:
    """Let the invited person in, once; None when the link is not, or no longer, theirs.

    Whoever else holds the link, by a forwarded mail say, does not come in with it.
    """
    invitation = invitation_behind(link, lock=True)
    if invitation is None or not is_open(invitation, now=now) or user.email != invitation.email:
        return None
    invitation.settled_at = now
    invitation.save(update_fields=["settled_at"])
    membership, is_new = Membership.objects.get_or_create(
        shop=invitation.shop, user=user, defaults={"role": invitation.role}
    )
    if is_new:
        record(Act.COLLEAGUE_JOINED, shop=invitation.shop, by=user, about=user.email)
    return membership


@transaction.atomic
def change_role(membership: Membership, role: Role, *, by: User) -> None:
    """Let somebody do more, or less; who was taken out meanwhile stays out. ValidationError
    when no owner would be left."""
    _lock(membership.shop)
    present = _present(membership)
    if present is None or role == present.role:
        return
    membership, was = present, present.role
    if role != Role.OWNER:
        _require_another_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    about = membership.user.email
    record(Act.ROLE_CHANGED, shop=membership.shop, by=by, about=about, was=was, role=role)


@transaction.atomic
def remove(membership: Membership, *, by: User) -> None:
    """Take somebody out of the shop, or oneself, once. ValidationError when no owner would be
    left."""
    _lock(membership.shop)
    present = _present(membership)
    if present is None:
        return
    membership = present
    _require_another_owner(membership)
    act = Act.COLLEAGUE_LEFT if membership.user_id == by.pk else Act.COLLEAGUE_REMOVED
    record(act, shop=membership.shop, by=by, about=membership.user.email, role=membership.role)
    membership.delete()


def _lock(shop: Shop) -> None:
    # One at a time, or two owners could each remove the other at once.
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)


def _present(membership: Membership) -> Membership | None:
    """The membership as it is now that nobody else changes it; None when it has ended."""
    rows = Membership.objects.filter(shop=membership.shop, pk=membership.pk)
    return rows.select_related("shop", "user").first()


def _require_another_owner(membership: Membership) -> None:
    owners = Membership.objects.filter(shop=membership.shop, role=Role.OWNER)
    if not owners.exclude(pk=membership.pk).exists():
        raise ValidationError(_("A shop needs an owner. Please make somebody else an owner first."))
