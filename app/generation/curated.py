"""Generator without a language model: curated answers in both languages, chosen by word overlap.

Deterministic and small. Knows no model; the words of the answers live beside it in yaml.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from app.generation.client import GenerationRequest, GeneratorHealth

DEFAULT_BANK_NAMES = {"en": "Lantern Bank", "zh": "灯塔银行"}
# intents whose every answer fits every way of saying it
_INTERCHANGEABLE = frozenset({"greeting", "thanks", "goodbye", "praise"})
_SURE = 0.55  # without a hint
_LIKELY = 0.3  # the router already knows the intent
_WORDS = re.compile(r"[a-z0-9']+|[\u3400-\u9fff]+")
_SENTENCES = re.compile(r".+?(?:[.!?](?=\s)\s*|[。！？]+|$)", re.DOTALL)
_OFFER = {
    "en": (
        "I am not sure I can help with that. I can answer questions about cards, transfers, "
        "accounts, loans, savings and the app. If you would rather speak to a person, "
        "just tell me and I will pass you on."
    ),
    "zh": (
        "抱歉，这个问题我暂时没有把握回答。您可以问我银行卡、转账、账户、贷款、储蓄和手机银行方面的问题；"
        "如果您想和工作人员沟通，直接说“转人工”就可以。"
    ),
}


class CuratedAnswer(BaseModel):
    """One item of the yaml files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    intent: str
    examples: tuple[str, ...]
    answer: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answers: tuple[CuratedAnswer, ...]


class CuratedGenerator:
    """Always ready: the last rung that still answers small talk."""

    name = "curated"

    def __init__(self, *, bank_name: str = DEFAULT_BANK_NAMES["en"]) -> None:
        self._bank_name = bank_name
        self._shelves = {language: _Shelf(load_answers(language)) for language in ("en", "zh")}

    def stream(self, request: GenerationRequest) -> Iterator[str]:
        text = self.answer(_question(request), request.language, intent=request.intent)
        yield from _SENTENCES.findall(text)

    def answer(self, question: str, language: str, *, intent: str | None = None) -> str:
        """The answer that fits best, or an offer of topics and a person."""
        key = "zh" if language.lower().startswith("zh") else "en"
        found = self._shelves[key].find(question, intent)
        return self._named(found.answer, key) if found is not None else _OFFER[key]

    def health(self) -> GeneratorHealth:
        return GeneratorHealth(ready=True, detail="no model configured: curated answers")

    def close(self) -> None:
        """Nothing runs."""

    def _named(self, text: str, language: str) -> str:
        if self._bank_name == DEFAULT_BANK_NAMES["en"]:
            return text
        return text.replace(DEFAULT_BANK_NAMES[language], self._bank_name)


class _Shelf:
    """The answers of one language, and how telling each word is."""

    def __init__(self, answers: tuple[CuratedAnswer, ...]) -> None:
        self._answers = answers
        self._examples = [
            (answer, Counter(words_of(example)))
            for answer in answers
            for example in answer.examples
        ]
        seen = Counter(word for _, words in self._examples for word in words)
        total = len(self._examples)
        self._weight = {word: math.log(1 + total / count) for word, count in seen.items()}
        self._strange = math.log(1 + total)  # a word that no example has

    def find(self, question: str, intent: str | None) -> CuratedAnswer | None:
        words = Counter(words_of(question))
        best, score = self._best(words, intent)
        if best is not None and score >= (_SURE if intent is None else _LIKELY):
            return best
        if intent in _INTERCHANGEABLE:
            return next((answer for answer in self._answers if answer.intent == intent), None)
        return None

    def _best(self, words: Counter[str], intent: str | None) -> tuple[CuratedAnswer | None, float]:
        best: CuratedAnswer | None = None
        top = 0.0
        for answer, example in self._examples:
            if intent is not None and answer.intent != intent:
                continue
            score = self._overlap(words, example)
            if score > top:
                best, top = answer, score
        return best, top

    def _overlap(self, one: Counter[str], other: Counter[str]) -> float:
        """Weighted Dice: 1 for the same words, 0 for none in common."""
        together = self._mass(one) + self._mass(other)
        return 2 * self._mass(one & other) / together if together else 0.0

    def _mass(self, words: Counter[str]) -> float:
        return sum(self._weight.get(word, self._strange) * n for word, n in words.items())


def load_answers(language: Literal["en", "zh"] | str) -> tuple[CuratedAnswer, ...]:
    """The curated answers of a language, checked."""
    path = Path(__file__).with_name(f"smalltalk.{language}.yaml")
    return _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).answers


def words_of(text: str) -> list[str]:
    """Latin words, and for Chinese single characters with their pairs."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    words: list[str] = []
    for run in _WORDS.findall(folded):
        if run[0] < "\u3400":
            words.append(run)
            continue
        words.extend(run)
        words.extend(run[start : start + 2] for start in range(len(run) - 1))
    return words


def _question(request: GenerationRequest) -> str:
    asked = [message.text for message in request.messages if message.role == "user"]
    return asked[-1] if asked else ""
