"""The migration operation that makes a table tenant-safe in the database itself."""

from typing import Any

from django.db.migrations.operations.base import Operation

from crm.tenancy.models import TenantForeignKey, TenantOneToOneField

POLICY = "shop_id = NULLIF(current_setting('app.shop_id', true), '')::bigint"


class RaiseWalls(Operation):
    """Row-level security and composite foreign keys for tables that carry shop_id.

    The policy is a bare comparison on purpose: the planner then knows the value and
    uses the indexes led by shop_id. It is enabled, not forced: the owner role, which
    only migrates, generates and backs up, sees every shop.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, *models: str) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        return (self.__class__.__name__, list(self.models), {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for name in self.models:
            model = to_state.apps.get_model(app_label, name)
            table = model._meta.db_table
            schema_editor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
            schema_editor.execute(
                f'CREATE POLICY tenant ON "{table}" USING ({POLICY}) WITH CHECK ({POLICY})'
            )
            for field in model._meta.local_fields:
                if isinstance(field, TenantForeignKey | TenantOneToOneField):
                    self._add_composite_key(schema_editor, table, field)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for name in self.models:
            model = to_state.apps.get_model(app_label, name)
            table = model._meta.db_table
            for field in model._meta.local_fields:
                if isinstance(field, TenantForeignKey | TenantOneToOneField):
                    key = _key_name(table, field.column)
                    schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{key}"')
            schema_editor.execute(f'DROP POLICY tenant ON "{table}"')
            schema_editor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')

    def describe(self) -> str:
        return f"Raise the walls between shops around {', '.join(self.models)}"

    def _add_composite_key(self, schema_editor: Any, table: str, field: Any) -> None:
        target = field.remote_field.model._meta.db_table
        unique = f"{target}_shop_id_id"
        schema_editor.execute(
            f"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{unique}') THEN
                    ALTER TABLE "{target}" ADD CONSTRAINT "{unique}" UNIQUE (shop_id, id);
                END IF;
            END $$
            """
        )
        schema_editor.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{_key_name(table, field.column)}" '
            f'FOREIGN KEY (shop_id, "{field.column}") REFERENCES "{target}" (shop_id, id)'
        )


class TieToShop(RaiseWalls):
    """The composite foreign keys of columns that came to a walled table later."""

    def __init__(self, model: str, *fields: str) -> None:
        self.model = model
        self.fields = fields

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        return (self.__class__.__name__, [self.model, *self.fields], {})

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        for name in self.fields:
            field = model._meta.get_field(name)
            self._add_composite_key(schema_editor, model._meta.db_table, field)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        table = model._meta.db_table
        for name in self.fields:
            key = _key_name(table, model._meta.get_field(name).column)
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{key}"')

    def describe(self) -> str:
        return f"Tie {', '.join(self.fields)} of {self.model} to the shop"


def _key_name(table: str, column: str) -> str:
    return f"{table}_{column}_in_shop"[:63]
