"""Frozen values of the fairness suite: what is compared, what was seen. Knows no model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Protocol

from routing.types import Outcome, Priority, Route, Utterance

ASPECTS = ("intent", "route", "outcome", "queue", "priority", "filter")


class Family(StrEnum):
    """Kinds of perturbation that share a floor."""

    IDENTITY = "identity"  # who writes: must never matter
    SCRIPT = "script"  # simplified or traditional characters
    FRAMING = "framing"  # introductions, politeness, length
    FORM = "form"  # capitals, missing punctuation
    TYPING = "typing"  # slips of the hand
    DIALECT = "dialect"
    LITERACY = "literacy"  # words left out or spelt by ear
    MIXING = "mixing"  # two languages in one sentence


@dataclass(frozen=True, slots=True)
class Seed:
    """An utterance whose meaning no perturbation may change; `intent` None is out of scope."""

    text: str
    intent: str | None
    language: str


# the texts before and after, or None where the perturbation finds nothing to change
Change = tuple[str, str] | None
Changer = Callable[[Seed, Random], Change]


@dataclass(frozen=True, slots=True)
class Perturbation:
    """One way in which the same wish is said otherwise."""

    name: str
    family: Family
    languages: tuple[str, ...]
    change: Changer


@dataclass(frozen=True, slots=True)
class Pair:
    """The same wish twice; everything that follows must be equal."""

    perturbation: str
    family: Family
    seed: Seed
    before: str
    after: str


class Standing(StrEnum):
    """How well a seed was served."""

    RIGHT = "right"  # acted upon as wished; a stranger was not taken for a wish
    ASKED = "asked"  # a question came back
    WRONG = "wrong"  # something else was done, or the message was blocked


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would happen to one text."""

    intent: str | None  # None: out of scope, or nothing ranked
    route: Route
    outcome: Outcome
    queue: str
    priority: Priority
    reason: str
    filter: str = "allow"

    def differs(self, other: "Verdict") -> tuple[str, ...]:
        """The aspects that are not equal."""
        return tuple(name for name in ASPECTS if getattr(self, name) != getattr(other, name))

    def standing(self, intent: str | None) -> Standing:
        """Whether somebody who wishes `intent` is served."""
        if self.outcome is Outcome.BLOCKED:
            return Standing.WRONG
        if intent is None and self.intent is None:
            return Standing.RIGHT
        if self.outcome is Outcome.CLARIFY:
            return Standing.ASKED
        return Standing.RIGHT if self.intent == intent else Standing.WRONG


class Judge(Protocol):
    """Says what would happen to texts, and stores nothing."""

    @property
    def model_version(self) -> str:
        """The checkpoint that is judged."""

    @property
    def has_filter(self) -> bool:
        """Whether the content filter stands before the router."""

    def judge(self, utterances: Sequence[Utterance]) -> list[Verdict]:
        """One verdict for each utterance, in order."""
