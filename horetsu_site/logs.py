"""Logs carry no capability: whoever reads them must not be able to answer for a customer."""

import logging
import re

_TOKEN_IN_PATH = re.compile(r"(/(?:a|u)/)[^/\s?\"']+")
# The same wherever it stands, for a mail program may break an address: ids, nonce, signature.
_TOKEN = re.compile(r"\d+-\d+(?:-[\w-]{16})?\.[\w-]{43}")


def mask(text: str) -> str:
    """The same text with the tokens of answer and unsubscribe links left out."""
    return _TOKEN.sub("***", _TOKEN_IN_PATH.sub(r"\1***", text))


class MaskTokens(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = mask(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            # Formatted here, so that the traceback passes under the mask as well.
            record.exc_text = mask(logging.Formatter().formatException(record.exc_info))
        return True
