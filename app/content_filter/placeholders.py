"""What stands in a text in place of masked values: find it, or take it out."""

import re

_PLACEHOLDER = re.compile(r"\[[^\[\]]{2,60}\]")
_SPACE_BEFORE_MARK = re.compile(r"[ \t]+(?=[,.;:!?，。；：！？])")
_SPACES = re.compile(r"[ \t]{2,}")


def placeholders_of(text: str) -> tuple[str, ...]:
    """Each placeholder once, in reading order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def without_placeholders(text: str) -> str:
    """The text without them, and without the gaps that they leave."""
    return tidy(_PLACEHOLDER.sub("", text))


def tidy(text: str) -> str:
    """No double spaces, none before a punctuation mark or at the end of a line."""
    narrow = _SPACE_BEFORE_MARK.sub("", _SPACES.sub(" ", text))
    return "\n".join(line.rstrip() for line in narrow.split("\n")).strip()
