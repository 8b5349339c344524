"""What a staged file would change, asked of the database in one question, writing nothing.

The same decisions as crm/customers/intake.py takes, set-based: what is new, what would
change, who is known. They agree but for orders that change hands, and for people whose ids
and addresses contradict each other, where the outcome depends on who is taken in first.
"""

from dataclasses import asdict, dataclass
from typing import Any

from crm.customers.intake import TOLD
from crm.imports.enums import FileKind
from crm.imports.models import ImportRun
from crm.imports.staging import Staging


@dataclass(frozen=True)
class Forecast:
    """Of the orders of a file, or of its customers; and how many people nobody knew before."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    customers_created: int = 0

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Forecast":
        return cls(**kept)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def changes_nothing(self) -> bool:
        return not (self.created or self.updated or self.customers_created)


def forecast(run: ImportRun, staging: Staging) -> Forecast:
    """What taking in this run's file would come to now. The file is staged and judged."""
    question = _ORDERS if run.kind == FileKind.ORDERS else _CUSTOMERS
    (found,) = staging.ask(question, shop=run.shop_id, source=run.source)
    return Forecast(**{name: int(count) for name, count in found.items()})


# `told` is who is looked for: customer_id, address, and whether there is an email at all.
# Whoever stands in another's place after a merge is that other.
_PEOPLE = """
    owners AS (
        SELECT c.email_norm AS address, c.id, c.merged_into_id, c.erased_at
          FROM crm_customer c
         WHERE c.shop_id = %(shop)s AND c.erased_at IS NULL
           AND c.email_norm IN (SELECT address FROM told WHERE address IS NOT NULL)
         UNION
        SELECT o.address, c.id, c.merged_into_id, c.erased_at
          FROM owners o JOIN crm_customer c ON c.shop_id = %(shop)s AND c.id = o.merged_into_id
    ), addresses AS (
        SELECT o.address,
               count(*) AS owners,
               min(o.id) AS one,
               count(*) FILTER (WHERE NOT has.id_here) AS free,
               min(o.id) FILTER (WHERE NOT has.id_here) AS free_one,
               count(*) FILTER (WHERE NOT has.id) AS guests,
               min(o.id) FILTER (WHERE NOT has.id) AS guest
          FROM (SELECT DISTINCT address, id FROM owners
                 WHERE merged_into_id IS NULL AND erased_at IS NULL) AS o,
               LATERAL (SELECT count(*) > 0 AS id,
                               count(*) FILTER (WHERE i.source = %(source)s) > 0 AS id_here
                          FROM crm_customeridentity i
                         WHERE i.shop_id = %(shop)s AND i.customer_id = o.id) AS has
         GROUP BY o.address
    ), strangers AS (  -- ids that nobody has; each takes over the one customer free for it
        SELECT t.customer_id, max(t.address) AS address
          FROM told t
         WHERE t.customer_id IS NOT NULL AND NOT EXISTS (
               SELECT FROM crm_customeridentity i
                WHERE i.shop_id = %(shop)s AND i.source = %(source)s
                  AND i.external_id = t.customer_id)
         GROUP BY t.customer_id
    ), takers AS (
        SELECT s.address, count(*) AS ids, CASE WHEN max(a.free) = 1 THEN 1 ELSE 0 END AS taken
          FROM strangers s LEFT JOIN addresses a ON a.address = s.address
         GROUP BY s.address
    ), without_id AS (
        SELECT DISTINCT address FROM told WHERE customer_id IS NULL AND address IS NOT NULL
    ), newcomers AS (
        SELECT (SELECT coalesce(sum(ids - taken), 0) FROM takers)
             + (SELECT count(*) FROM without_id w
                  LEFT JOIN addresses a ON a.address = w.address
                  LEFT JOIN takers t ON t.address = w.address
                 WHERE CASE coalesce(a.owners, 0) + coalesce(t.ids - t.taken, 0)
                            WHEN 0 THEN true WHEN 1 THEN false
                            ELSE coalesce(a.guests, 0) <> 1 END)
             + (SELECT count(*) FROM told
                 WHERE customer_id IS NULL AND address IS NULL AND has_email) AS customers
    )"""

_ORDER_CHANGES = " OR ".join(
    f"(r.{name} IS NOT NULL AND r.{name} IS DISTINCT FROM p.{name})" for name in TOLD
)
_ORDERS = f"""
    WITH RECURSIVE lines AS (
        SELECT order_id, array_agg(
                   (product, coalesce(product_code, ''), coalesce(quantity, 1))::text ORDER BY line
               ) AS told
          FROM {{rows}} WHERE product IS NOT NULL GROUP BY order_id
    ), orders AS (
        SELECT r.customer_id, r.address, r.email IS NOT NULL AS has_email,
               p.id IS NULL AS is_new, p.customer_id IS NULL AS has_nobody,
               ({_ORDER_CHANGES}) AS is_changed,
               coalesce(l.told IS DISTINCT FROM (
                   SELECT array_agg((k.product, k.code, k.quantity)::text ORDER BY k.position)
                     FROM crm_purchaseline k
                    WHERE k.shop_id = %(shop)s AND k.purchase_id = p.id
               ), false) AND l.told IS NOT NULL AS is_relined
          FROM {{records}} r
          LEFT JOIN lines l ON l.order_id = r.order_id
          LEFT JOIN crm_purchase p ON p.shop_id = %(shop)s AND p.source = %(source)s
                                  AND p.external_id = r.order_id
    ), told AS (  -- an order that has somebody stays with them, unless an id says otherwise
        SELECT customer_id, address, has_email FROM orders
         WHERE has_nobody OR customer_id IS NOT NULL
    ), counted AS (
        SELECT count(*) FILTER (WHERE is_new) AS created,
               count(*) FILTER (WHERE NOT is_new AND (
                   is_changed OR is_relined OR has_nobody AND (customer_id IS NOT NULL OR has_email)
               )) AS updated,
               count(*) AS orders
          FROM orders
    ), {_PEOPLE}
    SELECT created, updated, orders - created - updated AS unchanged,
           customers AS customers_created
      FROM counted, newcomers
"""  # noqa: S608  (names of ours only)

_CUSTOMERS = f"""
    WITH RECURSIVE told AS (
        SELECT customer_id, address, email IS NOT NULL AS has_email FROM {{records}}
    ), {_PEOPLE}, holders AS (
        SELECT i.external_id, c.id, c.merged_into_id
          FROM crm_customeridentity i
          JOIN crm_customer c ON c.shop_id = %(shop)s AND c.id = i.customer_id
         WHERE i.shop_id = %(shop)s AND i.source = %(source)s
           AND i.external_id IN (SELECT customer_id FROM told)
         UNION
        SELECT h.external_id, c.id, c.merged_into_id
          FROM holders h JOIN crm_customer c ON c.shop_id = %(shop)s AND c.id = h.merged_into_id
    ), known AS (
        SELECT r.*, coalesce(
                   h.id,
                   CASE WHEN r.customer_id IS NOT NULL
                        THEN CASE WHEN a.free = 1 THEN a.free_one END
                        WHEN a.owners = 1 THEN a.one
                        WHEN a.guests = 1 THEN a.guest END
               ) AS known_as
          FROM {{records}} r
          LEFT JOIN holders h ON h.external_id = r.customer_id AND h.merged_into_id IS NULL
          LEFT JOIN addresses a ON a.address = r.address
    ), counted AS (
        SELECT count(DISTINCT c.id) FILTER (WHERE c.erased_at IS NULL AND (
                   k.name <> c.name OR k.kana <> c.kana OR k.locale <> c.locale
                   OR (k.email <> c.email AND (k.address IS NOT NULL OR c.email = ''))
                   OR (k.has_left AND c.is_contactable)
               )) AS updated,
               count(*) AS people
          FROM known k
          LEFT JOIN crm_customer c ON c.shop_id = %(shop)s AND c.id = k.known_as
    )
    SELECT customers AS created, updated, people - customers - updated AS unchanged,
           customers AS customers_created
      FROM counted, newcomers
"""  # noqa: S608
