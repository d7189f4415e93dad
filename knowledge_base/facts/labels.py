"""Labels of facts inside a text: `{{kind=normalised|words}}`, `{{must}}` behind a sentence.

A label with `?` is open: what it names may be found or not. Knows no rule and no file.
"""

import re
from dataclasses import dataclass

from knowledge_base.facts.types import FactKind

_LABEL = re.compile(
    r"\{\{(?P<kind>\w+)(?P<open>\?)?(?:=(?P<value>[^|}]*))?(?:\|(?P<words>[^}]*))?\}\}"
)
_STATEMENTS = ("must", "must_not")


@dataclass(frozen=True, slots=True)
class Label:
    """A fact in the text by its span; an open one may be found or not."""

    kind: FactKind
    start: int
    end: int
    normalised: str | None
    is_open: bool = False


def read_labels(marked: str) -> tuple[str, list[Label]]:
    """The text without its labels, and the labels by their spans in it."""
    pieces: list[str] = []
    labels: list[Label] = []
    length = done = 0
    for match in _LABEL.finditer(marked):
        before, words = marked[done : match.start()], match["words"] or ""
        start = length + len(before)
        pieces += [before, words]
        length, done = start + len(words), match.end()
        is_statement = match["kind"] in _STATEMENTS
        labels.append(
            Label(
                kind=FactKind.OBLIGATION if is_statement else FactKind(match["kind"]),
                start=start - 1 if is_statement else start,
                end=length,
                normalised=match["kind"] if is_statement else match["value"],
                is_open=match["open"] is not None,
            )
        )
    return "".join([*pieces, marked[done:]]), labels
