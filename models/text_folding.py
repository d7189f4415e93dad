"""Text made fit for an encoder that reads no Chinese. Pure."""

import re

_CJK = re.compile(
    r"[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\uff00-\uffef\U00020000-\U0003ffff]+"
)


def strip_cjk(text: str) -> str:
    """The text without Chinese, Japanese and Korean characters and full-width forms."""
    return _CJK.sub(" ", text).strip()
