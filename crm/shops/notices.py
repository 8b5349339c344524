"""What a page says once, after something was done."""

from django.contrib import messages
from django.http import HttpRequest


def say(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Show this on the next page; with the address that takes a POST to undo what was done."""
    messages.success(request, text, extra_tags=undo)
