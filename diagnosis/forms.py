"""What a taker may send."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.customers.addresses import normalise
from diagnosis.content import Question


class AnswerForm:
    """The answer to one question, read from a post; `errors` in words, never an exception.

    Plain instead of a Django form: the options are data, and what is chosen is a set of ids.
    """

    def __init__(self, question: Question, data: QueryDict | None, kept: list[str]) -> None:
        self.question = question
        self.errors: list[str] = []
        sent = data.getlist("option") if data is not None else kept
        self.chosen = [each for each in question.by_id if each in sent]
        if data is not None:
            self._check()

    @property
    def is_valid(self) -> bool:
        return not self.errors

    def _check(self) -> None:
        alone = [each for each in self.chosen if self.question.by_id[each].is_alone]
        if not self.chosen:
            self.errors.append(str(_("Please choose what comes closest.")))
        elif not self.question.is_many and len(self.chosen) > 1:
            self.errors.append(str(_("Please choose one only.")))
        elif alone and len(self.chosen) > 1:
            says_nothing = self.question.by_id[alone[0]].text
            message = _("“%(option)s” does not go together with the others. Which is it?")
            self.errors.append(message % {"option": says_nothing})


class LeadForm(forms.Form):
    """To have the result by mail, and, only if ticked, be written to."""

    email = forms.EmailField(label=_("e-mail address"), max_length=254)
    may_contact = forms.BooleanField(
        label=_("The shop that runs this quiz may write to me about it"), required=False
    )
    homepage = forms.CharField(required=False, widget=forms.TextInput)  # people never see it

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not normalise(email):  # such as "a@b"@example.com: by it, nobody is known
            raise ValidationError(EmailValidator.message, code="invalid")
        return email

    @property
    def fell_in_trap(self) -> bool:
        return bool(self.data.get("homepage"))
