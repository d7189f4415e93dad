"""Traditional Chinese to simplified, so that both spellings read the same. Knows no dialect.

Articles and most utterances are simplified; customers from Hong Kong or Taiwan type as they do.
"""

from functools import cache

from opencc import OpenCC

_BANKING_VARIANTS = str.maketrans({"帐": "账"})  # both spellings of "account" are in use


def to_simplified(text: str) -> str:
    """The text in simplified characters, word by word: 乾隆 stays, 乾淨 becomes 干净."""
    readable = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is not UTF-8
    return str(_converter().convert(readable)).translate(_BANKING_VARIANTS)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
