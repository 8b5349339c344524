"""The site reads UTF-8 and nothing else."""

import re
from typing import Any

_CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


class Utf8Only:
    """A WSGI application that does not believe the charset somebody names.

    Django would decode the address by it before any middleware runs, and fail over those
    that are no encoding of text.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
        return self.application(environ, start_response)
