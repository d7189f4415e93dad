"""A customer who writes traditional characters is answered in them. Knows no dialogue.

Templates and articles are in simplified characters; the conversion is made once, where a reply is
stored. Amounts, links, names from the bank's books and quoted articles stay as they are.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from opencc import OpenCC

from routing.language import has_cjk, writes_traditional

KEY = "writes_traditional"  # in the conversation's details
_UNTOUCHED = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+")
_OWN_LABELS = frozenset({"balance"})  # kinds of card whose row labels are our words


def remember(details: dict[str, Any], text: str) -> dict[str, Any]:
    """The details, with how the customer writes Chinese; unclear text changes nothing."""
    found = writes_traditional(text) if has_cjk(text) else None
    return details if found is None else {**details, KEY: found}


def traditional(text: str, *, keep: Iterable[str] = ()) -> str:
    """The text in traditional characters, without a change to links and the words to keep."""
    kept = sorted({word for word in keep if has_cjk(word)}, key=len, reverse=True)
    pattern = "|".join([_UNTOUCHED.pattern, *map(re.escape, kept)])
    parts, end = [], 0
    for match in re.finditer(pattern, text):
        parts += [_convert(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, _convert(text[end:])])


def traditional_card(card: dict[str, Any]) -> dict[str, Any]:
    """A card whose row labels are ours; what the bank's books call an account or payee stays."""
    if card.get("kind") not in _OWN_LABELS:
        return card
    rows = [{**row, "label": _convert(str(row["label"]))} for row in card["rows"]]
    return {**card, "rows": rows}


def names_on(cards: Iterable[dict[str, Any]]) -> list[str]:
    """The words on cards that come from the bank's books."""
    names: list[str] = []
    for card in cards:
        names.append(str(card.get("title") or ""))
        if card.get("kind") not in _OWN_LABELS:
            names += [str(row.get("label") or "") for row in card.get("rows", ())]
    return names


def _convert(text: str) -> str:
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")  # 為, not 爲; words stay as they are
