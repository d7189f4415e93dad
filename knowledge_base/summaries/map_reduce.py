"""Summarise a long document with a language model: parts first, then the whole (map–reduce).

Every sentence must name a passage and be supported by it, else it is dropped. Bounded by a deadline
and by a number of calls. Knows no queue and no model: a `Writer` answers prompts.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import Protocol

from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.long_document import LongDocument, Unit
from knowledge_base.summaries.passages import (
    Passage,
    estimate_tokens,
    group_passages,
    number_passages,
)
from knowledge_base.summaries.prompts import Note, Prompt, map_prompt, read_notes, reduce_prompt
from knowledge_base.summaries.support import find_support


class WritingFailed(KnowledgeBaseError):
    """No summary was written: the model is away, too slow, or said nothing that is supported."""


class Writer(Protocol):
    """Answers one prompt."""

    def __call__(self, prompt: Prompt, *, max_new_tokens: int, seconds: float) -> str:
        """The whole answer within so many seconds; WritingFailed otherwise. Safe from threads."""


@dataclass(frozen=True, slots=True)
class WritingSettings:
    """What one summary may cost."""

    seconds: float = 30.0
    most_calls: int = 24
    at_once: int = 4  # calls that run at the same time
    part_tokens: int = 1_500  # of the document in one prompt
    passage_tokens: int = 400
    answer_tokens: int = 320


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A supported sentence with the units that say it."""

    text: str
    section: int
    support: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class WrittenSummary:
    """Supported sentences in the order of the document."""

    sentences: tuple[WrittenSentence, ...]
    calls: int
    dropped: int  # sentences without support


def write_summary(
    document: LongDocument,
    units: Sequence[Unit],
    write: Writer,
    *,
    language: str,
    sentences: int,
    settings: WritingSettings | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> WrittenSummary:
    """A summary of these units of a document; WritingFailed when there is none in time.

    The caller chooses units that fit: `most_tokens(settings)` says how much can be read.
    """
    settings = settings or WritingSettings()
    work = _Work(document, units, write, language, settings, clock)
    notes = work.map(sentences)
    while len(notes) > sentences:
        notes = work.reduce(notes, sentences)
    if not notes:
        raise WritingFailed("no sentence of the model is supported by the document")
    supported = sorted(
        (work.supported[note] for note in notes), key=lambda one: one.support[0].start
    )
    return WrittenSummary(tuple(supported), work.calls, work.dropped)


def most_tokens(settings: WritingSettings) -> int:
    """How much of a document is read at most: a third of the calls is kept for joining."""
    return settings.most_calls * 2 // 3 * settings.part_tokens


class _Work:
    """One summary under way."""

    def __init__(
        self,
        document: LongDocument,
        units: Sequence[Unit],
        write: Writer,
        language: str,
        settings: WritingSettings,
        clock: Callable[[], float],
    ) -> None:
        self.calls = self.dropped = 0
        self.supported: dict[Note, WrittenSentence] = {}
        self._write = write
        self._language = language
        self._settings = settings
        self._clock = clock
        self._end = clock() + settings.seconds
        found = number_passages(document, units, most_tokens=settings.passage_tokens)
        self._passages = {passage.number: passage for passage in found}

    def map(self, sentences: int) -> list[Note]:
        """Supported notes of every part."""
        parts = group_passages(
            list(self._passages.values()), most_tokens=self._settings.part_tokens
        )
        count = max(2, ceil(sentences / max(1, len(parts))) + 1)
        return self._ask([map_prompt(p, language=self._language, count=count) for p in parts])

    def reduce(self, notes: Sequence[Note], sentences: int) -> list[Note]:
        """Fewer notes: of all together where they fit one prompt, else of groups."""
        size = max(2, len(notes) * self._settings.part_tokens // max(1, _tokens(notes)))
        groups = [notes[start : start + size] for start in range(0, len(notes), size)]
        count = max(1, sentences // len(groups))
        joined = self._ask(
            [reduce_prompt(group, language=self._language, count=count) for group in groups]
        )
        kept = list(dict.fromkeys(joined))
        if 0 < len(kept) < len(notes):
            return kept
        return _spread(notes, sentences)  # a model that cannot join: notes from everywhere

    def _ask(self, prompts: Sequence[Prompt]) -> list[Note]:
        left = self._end - self._clock()
        if left <= 0:
            raise WritingFailed(f"not written within {self._settings.seconds:g} s")
        if self.calls + len(prompts) > self._settings.most_calls:
            raise WritingFailed(f"it would take more than {self._settings.most_calls} calls")
        self.calls += len(prompts)
        with ThreadPoolExecutor(min(self._settings.at_once, max(1, len(prompts)))) as pool:
            answers = list(pool.map(self._answer, prompts))
        return [note for answer in answers for note in read_notes(answer) if self._holds(note)]

    def _answer(self, prompt: Prompt) -> str:
        left = self._end - self._clock()
        if left <= 0:
            raise WritingFailed(f"not written within {self._settings.seconds:g} s")
        return self._write(prompt, max_new_tokens=self._settings.answer_tokens, seconds=left)

    def _holds(self, note: Note) -> bool:
        """Whether one of the passages that it names supports the sentence."""
        if note in self.supported:
            return True
        for number in note.passages:
            passage = self._passages.get(number)
            support = () if passage is None else _support(note, passage)
            if passage is not None and support:
                self.supported[note] = WrittenSentence(note.text, passage.section, support)
                return True
        self.dropped += 1
        return False


def _support(note: Note, passage: Passage) -> tuple[Unit, ...]:
    return find_support(note.text, passage.units, headings=passage.headings)


def _spread(notes: Sequence[Note], count: int) -> list[Note]:
    return [notes[number * len(notes) // count] for number in range(count)]


def _tokens(notes: Sequence[Note]) -> int:
    return sum(estimate_tokens(note.text) for note in notes)
