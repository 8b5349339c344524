"""What becomes of a suggestion: every change after it was proposed."""

from datetime import datetime

from crm.followups.enums import SuggestionState
from crm.followups.models import Suggestion
from crm.mail.enums import SENT
from crm.mail.models import Mail


def settle_by_mail(*, mail: Mail, now: datetime) -> None:
    """Write down what became of an approved letter; twice is as once."""
    approved = Suggestion.objects.filter(
        shop_id=mail.shop_id, mail=mail, state=SuggestionState.APPROVED
    )
    if mail.state in SENT:
        approved.update(state=SuggestionState.DONE, settled_at=now, reason="")
    else:
        approved.update(state=SuggestionState.EXPIRED, settled_at=now, reason=mail.reason)
