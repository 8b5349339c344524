"""Commands speak the language of the terminal they are typed in."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation


def terminal_language() -> str:
    """What LC_ALL, LC_MESSAGES or LANG says, where it is a language of ours; else English.

    A terminal that says nothing, or "C", may not show Japanese at all.
    """
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    code = said.partition("_")[0].partition(".")[0].lower()
    return code if code in dict(settings.LANGUAGES) else "en"


class SpeakingCommand(BaseCommand):
    def execute(self, *args: Any, **options: Any) -> Any:
        with translation.override(terminal_language()):
            return super().execute(*args, **options)
