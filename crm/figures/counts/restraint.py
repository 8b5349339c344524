"""Contacts that were held or refused, and those that were made."""

from typing import Any

from crm.figures.counts import rows
from crm.figures.periods import Period
from crm.guard.enums import Verdict
from crm.mail.enums import SENT


def withheld(shop_id: int, period: Period) -> list[dict[str, Any]]:
    """By reason, the most frequent first: how many contacts waited, and how many were refrained
    from. A contact that was asked about again counts once for each reason."""
    found = rows(
        """
        SELECT reason,
               COUNT(DISTINCT COALESCE(mail_id, -customer_id)) FILTER (WHERE verdict = %(hold)s),
               COUNT(DISTINCT COALESCE(mail_id, -customer_id)) FILTER (WHERE verdict = %(block)s)
          FROM crm_guarddecision
         WHERE shop_id = %(shop)s AND decided_at >= %(from)s AND decided_at < %(to)s
           AND verdict = ANY (%(withheld)s)
         GROUP BY reason ORDER BY COUNT(DISTINCT COALESCE(mail_id, -customer_id)) DESC, reason
        """,
        {
            "shop": shop_id,
            "from": period.span.start,
            "to": period.span.end,
            "hold": Verdict.HOLD.value,
            "block": Verdict.BLOCK.value,
            "withheld": [Verdict.HOLD.value, Verdict.BLOCK.value],
        },
    )
    return [
        {"reason": reason, "held": held, "refrained": refrained}
        for reason, held, refrained in found
    ]


def sent(shop_id: int, period: Period) -> int:
    """How many mails went out."""
    ((count,),) = rows(
        """
        SELECT COUNT(*) FROM crm_mail
         WHERE shop_id = %(shop)s AND state = ANY (%(sent)s)
           AND sending_since >= %(from)s AND sending_since < %(to)s
        """,
        {
            "shop": shop_id,
            "from": period.span.start,
            "to": period.span.end,
            "sent": [state.value for state in SENT],
        },
    )
    return int(count)
