"""What a person would call the device behind a User-Agent."""

from django.utils.translation import gettext as _

# The first that is found names it: every browser claims to be several others too.
_DEVICES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "CrOS", "Linux")
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_CALLED = {"Macintosh": "Mac", "CrOS": "Chromebook"}


def device_of(user_agent: str) -> str:
    """Such as "iPhone, Safari"; an unknown device where it does not say."""
    device = next((name for name in _DEVICES if name in user_agent), "")
    browser = next((name for word, name in _BROWSERS.items() if word in user_agent), "")
    named = [_CALLED.get(device, device), browser]
    return ", ".join(filter(None, named)) or _("Unknown device")
