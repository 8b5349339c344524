from django.db.models import QuerySet

from crm.shops.models import AccountEntry, Membership, Shop, User


def shop_called(word: str) -> Shop | None:
    """The shop with this word in its addresses, in whichever case it was typed."""
    return Shop.objects.filter(slug=word.lower()).first()


def memberships_of(user: User) -> QuerySet[Membership]:
    """Where this person works and as what, by the shop's name."""
    mine = Membership.objects.filter(user=user).select_related("shop")
    return mine.order_by("shop__name", "shop__slug")


def account_entries(user_id: int, *, newest: int = 20) -> QuerySet[AccountEntry]:
    """What happened to a person's account lately, newest first."""
    return AccountEntry.objects.filter(user_id=user_id).order_by("-id")[:newest]
