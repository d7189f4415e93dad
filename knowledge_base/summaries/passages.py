"""Cut a long document into numbered passages, and those into parts that fit a prompt. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge_base.long_document import LongDocument, Unit
from knowledge_base.tokens import has_cjk

_CHARACTERS_PER_TOKEN = 4  # of text in letters; a Chinese character is about one token


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive units of one section, cited by number."""

    number: int  # from 1
    section: int
    headings: tuple[str, ...]
    units: tuple[Unit, ...]

    @property
    def text(self) -> str:
        """What the model reads."""
        return "\n".join(unit.plain for unit in self.units)


def number_passages(
    document: LongDocument, units: Sequence[Unit], *, most_tokens: int
) -> list[Passage]:
    """The units as passages of at most so many tokens, one longer unit alone."""
    passages: list[Passage] = []
    waiting: list[Unit] = []
    size = 0

    def close() -> None:
        nonlocal size
        if waiting:
            section = waiting[0].section
            headings = document.sections[section].headings
            passages.append(Passage(len(passages) + 1, section, headings, tuple(waiting)))
        waiting.clear()
        size = 0

    for unit in units:
        tokens = estimate_tokens(unit.plain)
        if waiting and (unit.section != waiting[0].section or size + tokens > most_tokens):
            close()
        waiting.append(unit)
        size += tokens
    close()
    return passages


def group_passages(passages: Sequence[Passage], *, most_tokens: int) -> list[list[Passage]]:
    """Consecutive passages that fit one prompt together."""
    groups: list[list[Passage]] = []
    size = 0
    for passage in passages:
        tokens = estimate_tokens(passage.text) + estimate_tokens(" ".join(passage.headings))
        if not groups or size + tokens > most_tokens:
            groups.append([])
            size = 0
        groups[-1].append(passage)
        size += tokens
    return groups


def estimate_tokens(text: str) -> int:
    """Without a tokeniser, on the high side for English and about right for Chinese."""
    chinese = sum(map(has_cjk, text)) if has_cjk(text) else 0
    return chinese + (len(text) - chinese) // _CHARACTERS_PER_TOKEN + 1
