"""How many own words a text holds (stages.md, section 1, `words`)."""

import re
import unicodedata

# What people write so that a box is not empty. Compared after NFKC, without spaces and marks.
_STOCK_PHRASES = frozenset(
    {
        "特にありません", "特にない", "特になし", "特にございません", "ありません", "ない", "なし",
        "無し", "とくにありません", "とくにない", "とくになし", "特に無し", "特に無い",
        "今のところありません", "今のところ特にありません", "良かったです", "よかったです",
        "満足です", "満足しています", "ありがとうございました", "ありがとうございます",
        "よろしくお願いします", "よろしくお願いいたします", "普通です", "普通",
        "none", "nothing", "nothinginparticular", "nothingspecial", "nocomment", "nocomments",
        "na", "no", "good", "verygood", "great", "ok", "okay", "fine", "thanks", "thankyou",
        "thankyouverymuch",
    }
)  # fmt: skip
_MARKS = re.compile(r"[\W_]+")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")


def measure(text: str) -> tuple[int, bool]:
    """(characters after NFKC without spaces, whether it is Japanese); (0, …) for stock phrases.

    A text is Japanese when at least a third of its characters are kana or kanji: brand
    names and addresses in Latin letters do not make a Japanese letter foreign.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    is_japanese = 3 * len(_JAPANESE.findall(plain)) >= len(plain) > 0
    if _MARKS.sub("", plain).casefold() in _STOCK_PHRASES:
        return 0, is_japanese
    return len(plain), is_japanese
