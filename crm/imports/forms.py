"""A file to send, and which of its columns is which."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.imports.canonical import COLUMNS, NEEDED
from crm.imports.enums import FileKind, Format
from crm.imports.guessing import lacking
from crm.imports.labels import COLUMN_HINTS, COLUMN_LABELS
from crm.imports.tables import Header


def _with_hours(day: str) -> str:
    return "|".join((day, f"{day} %H:%M", f"{day} %H:%M:%S"))


#: How days are written, as `ImportRun.date_format` keeps it.
DATE_FORMATS = [
    ("", _("Year first, such as 2026-05-10 or 2026/5/10")),
    (_with_hours("%m/%d/%Y"), _("Month first, such as 5/10/2026")),
    (_with_hours("%d/%m/%Y"), _("Day first, such as 10/5/2026")),
    (_with_hours("%d.%m.%Y"), _("Day first, such as 10.5.2026")),
]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Up to 20 MB or 100,000 rows."),
        error_messages={
            "required": _("Please choose a file."),
            "empty": _("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )
    kind = forms.ChoiceField(
        label=_("What it lists"),
        choices=[("", _("Tell by its columns")), *FileKind.choices],
        required=False,
    )


class ColumnsForm(forms.Form):
    """Which column of a file is which of ours; its fields are those of the kind."""

    source = forms.CharField(
        label=_("Whose numbers these are"),
        required=False,
        max_length=40,
        help_text=_(
            "A word of your own, such as “store” for the till. Order and customer numbers "
            "of the same source are taken for the same; those of different ones are not."
        ),
    )
    date_format = forms.ChoiceField(
        label=_("How days are written"), choices=DATE_FORMATS, required=False
    )

    def __init__(self, *args: Any, header: Header, kind: FileKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        choices = [("", pgettext_lazy("column", "Not in this file"))] + [
            (name, name) for name in header.cells if name and header.count(name) == 1
        ]
        self.fields = {
            ours: forms.ChoiceField(
                label=str(COLUMN_LABELS[ours]),
                help_text=str(COLUMN_HINTS.get(ours, "")),
                choices=choices,
                required=(ours,) in NEEDED[kind],
                error_messages={"required": _("This column is needed.")},
            )
            for ours in COLUMNS[kind]
        } | self.fields

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[ours] for ours in COLUMNS[self.kind]]

    @property
    def mapping(self) -> dict[str, str]:
        """Our columns, each with the file's, where there is one."""
        chosen = self.cleaned_data
        return {ours: chosen[ours] for ours in COLUMNS[self.kind] if chosen.get(ours)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for group in lacking(self.mapping, self.kind):
            if len(group) > 1:
                names = " / ".join(str(COLUMN_LABELS[ours]) for ours in group)
                self.add_error(group[0], _("One of these is needed: %(names)s") % {"names": names})
        theirs = list(self.mapping.values())
        for ours, name in self.mapping.items():
            if theirs.count(name) > 1:
                self.add_error(ours, _("This column is chosen more than once."))
        return cleaned

    def settled(self) -> dict[str, Any]:
        """What `uploads.settle` wants to know."""
        return {
            "kind": self.kind,
            "format": Format.GENERIC,
            "mapping": self.mapping,
            "source": self.cleaned_data["source"].strip(),
            "date_format": self.cleaned_data["date_format"],
        }
