"""The wall between shops: one door in, and three walls that do not trust each other.

1. `TenantModel.objects` refuses to work outside a scope (django-scopes).
2. `TenantForeignKey` becomes a foreign key on (shop_id, x_id), which cannot cross shops.
3. Row-level security shows the app role the rows of `app.shop_id` and no others.
"""
