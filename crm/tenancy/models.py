from typing import Any

from django.db import models
from django_scopes import ScopedManager


class TenantForeignKey(models.ForeignKey):
    """A reference between two rows of one shop.

    Django makes no constraint for it; `RaiseWalls` adds the one on (shop_id, x_id).
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)


class TenantOneToOneField(models.OneToOneField):
    """As TenantForeignKey, for at most one row each."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)


class TenantModel(models.Model):
    """A row that belongs to one shop; its manager raises ScopeError outside `tenant()`."""

    # The indexes that matter are led by shop_id, so the plain one would only cost writes.
    shop = models.ForeignKey("crm.Shop", models.CASCADE, related_name="+", db_index=False)

    objects = ScopedManager(shop="shop")

    #: Columns the app role may change after the insert; None means all of them.
    changeable: tuple[str, ...] | None = None

    #: Whether the app role may remove rows; what is written for good says no.
    is_removable = True

    class Meta:
        abstract = True
