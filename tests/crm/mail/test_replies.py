import pytest

from crm.mail.enums import Fate, Step
from crm.mail.replies import fate_of_refusal


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (550, "5.1.1 <kayo@example.com>: user unknown"),
        (550, "no such user"),
        (550, "5.4.1 Recipient address rejected: Access denied"),  # Microsoft's unknown user
        (551, "user not local"),
        (553, "5.1.3 mailbox name not allowed"),
        (556, "5.1.10 domain takes no mail"),
        (550, "5.2.1 mailbox disabled"),
    ],
)
def test_an_address_that_does_not_exist_is_refused(code: int, text: str) -> None:
    assert fate_of_refusal(Step.RECIPIENT, code, text) is Fate.RECIPIENT_REFUSED


def test_an_unknown_address_may_be_found_out_after_the_content() -> None:
    fate = fate_of_refusal(Step.VERDICT, 550, "5.1.1 user unknown")

    assert fate is Fate.RECIPIENT_REFUSED


@pytest.mark.parametrize("step", [Step.RECIPIENT, Step.VERDICT])
@pytest.mark.parametrize(
    ("code", "text"),
    [
        (421, "4.7.30 DKIM did not pass"),  # Gmail's words for senders it does not trust
        (421, "4.7.27 SPF did not pass"),
        (450, "4.7.1 too many from your network"),
        (550, "5.7.26 unauthenticated mail is prohibited"),
        (550, "5.7.515 access denied"),
        (530, "log in first"),
        (550, "relay not permitted"),  # Exim says it without a status
        (554, "Relay access denied"),
        (550, "Authentication is required for relay"),
        (550, "5.1.8 bad sender's domain"),
    ],
)
def test_what_is_said_of_us_never_falls_on_the_recipient(step: Step, code: int, text: str) -> None:
    assert fate_of_refusal(step, code, text) is Fate.SENDER_REFUSED


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (500, "5.5.2 syntax error"),
        (503, "5.5.1 bad sequence"),
        (550, "5.5.1 too many errors"),
        (550, "5.3.0 other system trouble"),
        (555, "parameters not recognised"),
    ],
)
def test_a_misunderstanding_at_the_recipient_suppresses_nobody(code: int, text: str) -> None:
    assert fate_of_refusal(Step.RECIPIENT, code, text) is Fate.MESSAGE_REFUSED


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (421, "try later"),
        (450, "4.2.0 mailbox busy"),
        (451, "4.7.1 Greylisted, come back in five minutes"),
        (452, "4.2.2 mailbox full"),
        (552, "mailbox full"),
        (550, "5.2.2 over quota"),
    ],
)
@pytest.mark.parametrize("step", [Step.RECIPIENT, Step.VERDICT])
def test_what_passes_by_itself_is_tried_again(step: Step, code: int, text: str) -> None:
    assert fate_of_refusal(step, code, text) is Fate.RETRY


@pytest.mark.parametrize("text", ["5.3.4 message too big", "5.2.3 message length exceeded"])
def test_a_mail_that_is_too_large_will_not_become_smaller(text: str) -> None:
    assert fate_of_refusal(Step.VERDICT, 552, text) is Fate.MESSAGE_REFUSED


@pytest.mark.parametrize("step", [Step.GREETING, Step.HELLO, Step.TLS, Step.LOGIN])
def test_a_refusal_before_anybody_is_named_concerns_us(step: Step) -> None:
    assert fate_of_refusal(step, 554, "no service for you") is Fate.SENDER_REFUSED


@pytest.mark.parametrize("step", [Step.SENDER, Step.CONTENT, Step.VERDICT])
def test_a_mail_that_is_refused_leaves_the_address_alone(step: Step) -> None:
    assert fate_of_refusal(step, 554, "5.6.0 not this one") is Fate.MESSAGE_REFUSED
