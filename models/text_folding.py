"""Which encoder can read a text, and a text made fit for one that reads no Chinese. Pure."""

import re

_CJK = re.compile(
    r"[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\uff00-\uffef\U00020000-\U0003ffff]+"
)

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_WORD = re.compile(r"[^\W\d_]+")


def strip_cjk(text: str) -> str:
    """The text without Chinese, Japanese and Korean characters and full-width forms."""
    return _CJK.sub(" ", text).strip()


def is_mostly_chinese(text: str) -> bool:
    """Whether Chinese characters are at least as many as the words around them."""
    characters = len(_HAN.findall(text))
    return characters > 0 and characters >= len(_WORD.findall(strip_cjk(text)))
