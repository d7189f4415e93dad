"""Which style of a Word document is a heading, and which paragraph a list item. Knows DOCX."""

import re
from dataclasses import dataclass
from typing import Any

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(r"^(?:heading|标题|標題)\s*(\d)$", re.IGNORECASE)
_TITLES = {"title": 1, "subtitle": 2, "标题": 1, "標題": 1}
_BULLETS = {"bullet", "none"}
_MAX_DEPTH = 5
_MAX_PARENTS = 20


@dataclass(frozen=True, slots=True)
class ListItem:
    """How deep an item lies, and whether its list is numbered."""

    depth: int
    is_numbered: bool


def heading_levels(document: Any) -> dict[str, int]:  # noqa: ANN401 -- python-docx has no types
    """Heading level by style id; a style that is based on a heading is one."""
    styles = {
        one.get(f"{_WORD}styleId"): one for one in document.styles.element.iter(f"{_WORD}style")
    }
    levels: dict[str, int] = {}
    for key in styles:
        above: str | None = key
        for _ in range(_MAX_PARENTS):  # styles may name each other in a circle
            if above not in styles or key in levels:
                break
            level = _own_level(styles[above])
            if level:
                levels[key] = level
            above = _value(styles[above], "basedOn")
    return levels


def _own_level(style: Any) -> int:  # noqa: ANN401
    name = (_value(style, "name") or "").strip()
    found = _HEADING_NAME.match(name)
    if found:
        return min(int(found.group(1)), 6) or 1
    outline = style.find(f"{_WORD}pPr/{_WORD}outlineLvl")
    value = outline.get(f"{_WORD}val", "") if outline is not None else ""
    if value.isdigit() and int(value) < 6:
        return int(value) + 1
    return _TITLES.get(name.lower(), 0)


class NumberFormats:
    """The lists of one document."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401
        self._names = {
            one.get(f"{_WORD}styleId"): _value(one, "name") or ""
            for one in document.styles.element.iter(f"{_WORD}style")
        }
        self._formats = _formats(document)  # (list, depth) -> format

    def of(self, paragraph: Any) -> ListItem | None:  # noqa: ANN401
        """By its own numbering, else by the name of its style."""
        number = paragraph.find(f"{_WORD}pPr/{_WORD}numPr")
        if number is not None and _value(number, "numId") not in (None, "0"):
            depth = _value(number, "ilvl") or "0"
            shape = self._formats.get((_value(number, "numId") or "", depth), "bullet")
            return ListItem(min(_number(depth), _MAX_DEPTH), shape not in _BULLETS)
        style = self._names.get(_value(paragraph.find(f"{_WORD}pPr"), "pStyle") or "", "")
        if not style.lower().startswith(("list bullet", "list number")):
            return None
        last = style.rpartition(" ")[2]
        below = int(last) - 1 if last.isdigit() else 0
        return ListItem(min(max(below, 0), _MAX_DEPTH), "number" in style.lower())


def _formats(document: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401
    root = next(
        (
            rel.target_part
            for rel in document.part.rels.values()
            if rel.reltype.endswith("/numbering")
        ),
        None,
    )
    if root is None:
        return {}
    element = root.element
    abstract = {
        one.get(f"{_WORD}abstractNumId"): {
            level.get(f"{_WORD}ilvl", "0"): _value(level, "numFmt") or "bullet"
            for level in one.iter(f"{_WORD}lvl")
        }
        for one in element.iter(f"{_WORD}abstractNum")
    }
    return {
        (one.get(f"{_WORD}numId", ""), depth): shape
        for one in element.iter(f"{_WORD}num")
        for depth, shape in abstract.get(_value(one, "abstractNumId"), {}).items()
    }


def _value(parent: Any, name: str) -> str | None:  # noqa: ANN401
    found = parent.find(f"{_WORD}{name}") if parent is not None else None
    value = found.get(f"{_WORD}val") if found is not None else None
    return None if value is None else str(value)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
