"""What mattered, written down for good: who did what in a shop, and when."""

from crm.shops.enums import Act
from crm.shops.models import ApiKey, AuditEntry, Shop, User

Detail = str | int | list[str]


def record(
    act: Act, *, shop: Shop, by: User | ApiKey | None, about: str = "", **details: Detail
) -> None:
    """Write one entry, in the transaction of what it tells of: both are kept, or neither.

    Call it inside the shop's `tenant()`. `by` is None for a command or the machine itself.
    `about` names the subject by its row, such as "customer:42", never by a customer's name or
    address: nobody can take an entry back, and a person may ask to be forgotten.
    """
    AuditEntry.objects.create(
        shop=shop,
        act=act,
        actor_id=by.pk if isinstance(by, User) else None,
        actor_name=by.email if isinstance(by, User) else str(by or ""),
        about=about,
        details=details,
    )
