"""Is every sentence of a generated text supported by the passages that it was written from?

A sentence is held against single statements of the passages: a sentence, a list line, a table row.
What is not supported by one of them is refused, with the reason. Pure but for the optional encoder.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from knowledge_base.facts.contacts import find_contacts
from knowledge_base.figures import figures, is_stated
from knowledge_base.off_topic import OFF_TOPIC
from knowledge_base.protocols import Embedder, Vectors
from knowledge_base.sentences import sentence_spans
from knowledge_base.tokens import has_cjk, language_of, tokenise
from knowledge_base.vectoriser import readable_text


class Refusal(StrEnum):
    """Why a sentence is not supported, the gravest first."""

    FIGURE = "figure"  # a number, amount, date, contact or address that the passages do not state
    PROMISE = "promise"  # a word that promises, bounds or turns round, and is not in the statement
    ENTITY = "entity"  # a name that no passage has, or one that belongs to another statement
    NEGATION = "negation"  # it denies what the statement affirms, or the other way round
    WORDS = "words"  # too few of its words
    MEANING = "meaning"  # too far from the statement for the encoder


@dataclass(frozen=True, slots=True)
class GroundingSettings:
    """How strictly; measured by `python -m knowledge_base.grounding_evaluation`."""

    least_words: float = 0.6  # share of the sentence's content words that its statement has
    least_likeness: float = 0.35  # cosine with the statement, 0 being that of strange sentences
    strangers: int = 8  # sentences that set that 0


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence as it was written, and what became of it."""

    text: str
    passage: int | None  # number of the passage that supports it
    refusal: Refusal | None = None

    @property
    def is_supported(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class _Statement:
    """One thing that a passage says, with the heading it stands under."""

    text: str
    passage: int
    own: frozenset[str]  # its own content words
    words: frozenset[str]  # and those of its heading


class GroundingChecker:
    """Checks texts against passages; with an encoder, by meaning as well as by words."""

    def __init__(
        self, embedder: Embedder | None = None, settings: GroundingSettings | None = None
    ) -> None:
        self._embedder = embedder
        self._settings = settings or GroundingSettings()

    def check(
        self, text: str, passages: Sequence[str], *, headings: Sequence[str] = ()
    ) -> list[CheckedSentence]:
        """Every sentence of the text; `headings` stand over the passages of the same number."""
        statements = _statements(passages, headings)
        return [self._check(sentence, statements) for sentence in _sentences(text)]

    def _check(self, sentence: str, statements: Sequence[_Statement]) -> CheckedSentence:
        words = _content_words(sentence)
        if not words or not statements:
            return CheckedSentence(sentence, None, Refusal.WORDS)
        ranked = sorted(statements, key=lambda one: -len(words & one.own))
        everything = frozenset().union(*(one.words for one in statements))
        refusals: list[Refusal] = []
        for statement in ranked[:_TRIED]:
            refusal = self._refuse(sentence, words, statement, everything)
            if refusal is None:
                return CheckedSentence(sentence, statement.passage)
            refusals.append(refusal)
            if _overlap(words, statement.own) >= _NEARLY_A_COPY:
                break  # it is this statement, turned round: no other can make it true
        return CheckedSentence(sentence, None, refusals[0])

    def _refuse(
        self,
        sentence: str,
        words: frozenset[str],
        statement: _Statement,
        everything: frozenset[str],
    ) -> Refusal | None:
        stated = figures(statement.text)
        if not all(is_stated(figure, stated) for figure in figures(sentence)):
            return Refusal.FIGURE
        if not _contacts(sentence) <= _contacts(statement.text):
            return Refusal.FIGURE
        if not strict_words(sentence) <= strict_words(statement.text):
            return Refusal.PROMISE
        if _is_about_another(sentence, words, statement, everything):
            return Refusal.ENTITY
        if _denies(sentence, statement.text):
            return Refusal.NEGATION
        if len(words & statement.words) < self._settings.least_words * len(words):
            return Refusal.WORDS
        if self._likeness(sentence, statement.text) < self._settings.least_likeness:
            return Refusal.MEANING
        return None

    def _likeness(self, sentence: str, statement: str) -> float:
        """Cosine, 0 being that of strange sentences: encoders differ in how near all texts lie."""
        language = language_of(sentence)
        strange = OFF_TOPIC[language][: self._settings.strangers]
        texts = [sentence, statement, *strange]
        if self._embedder is None or not all(readable_text(one, self._embedder) for one in texts):
            return 1.0
        vectors: Vectors = self._embedder.encode(texts)
        cosines = vectors[1:] @ vectors[0]
        usual = float(np.mean(cosines[1:]))
        return (float(cosines[0]) - usual) / max(1e-6, 1 - usual)


def _contacts(text: str) -> set[str]:
    """Telephone numbers, mail and web addresses: one that is not stated leads somewhere else."""
    return {found.normalised for found in find_contacts(text)}


def supported_text(checked: Iterable[CheckedSentence]) -> str:
    """What is left of the text; empty when nothing is supported."""
    kept = [one.text for one in checked if one.is_supported]
    between = "" if kept and has_cjk("".join(kept)) else " "
    return between.join(kept)


_TRIED = 4  # statements that share most words with the sentence
_NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nor|neither|without|cannot|nothing|nobody|unable)\b|n't\b"
    r"|不|没|无(?!论)|勿|未|别(?!的|人)|并非|禁止",
    re.IGNORECASE,
)
_STRICT = re.compile(
    r"\b(?:guarante\w+|promis\w+|always|definitely|certainly|immediate\w*|instant\w*|at once"
    r"|refund\w*|compensat\w+|reimburs\w+|free|waiv\w+|unlimited|all|every|any|only|must|never"
    r"|before|after|until|at least|at most|up to|minimum|maximum|more than|less than|fewer|higher"
    r"|lower|increas\w+|decreas\w+|reduc\w+|rais\w+|freez\w+|unfreez\w+|block\w*|unblock\w*|debit"
    r"|credit|incoming|outgoing|approved?|automatic\w*|optional|required|today|tomorrow)\b"
    r"|保证|承诺|一定|肯定|绝对|立即|马上|立刻|即时|随时|退款|退还|赔偿|赔付|补偿|免费|免收|免除"
    r"|不限|无限|所有|全部|任何|每个人|只有|仅|必须|之前|以前|之后|以后|至少|至多|最多|最少|最低|最高"
    r"|以上|以下|超过|低于|高于|提高|上调|降低|下调|解冻|冻结|解锁|锁定|借记|贷记|转入|转出|自动"
    # kinds of products and customers: what holds for one does not hold for another
    r"|\b(?:gold|platinum|silver|basic|everyday|plus|premium|student|youth|joint|business|savings?"
    r"|mortgage|personal|virtual|visitor|resident|minor)\b"
    r"|黄金|白金|金卡|银卡|普通|基础|日常|优享|尊享|学生|青少年|未成年|联名|企业|商务|储蓄|信用卡|房贷|虚拟",
    re.IGNORECASE,
)
# a first word is capitalised anyway, but who acts is mostly named there; "Closing" is no name
_NAME = re.compile(r"\b[A-Z][\w'&-]+\b(?<!ing)")
_CLAUSES = re.compile(
    r"[,;:，；：]|\b(?:but|unless|except|although|while|if|when)\b|但|除非|如果|否则"
)
_TABLE_RULE = re.compile(r"^[\s|:-]+$")


def strict_words(text: str) -> frozenset[str]:
    """Words that promise, bound or turn a statement round, shortened so that forms agree."""
    return frozenset(match[0].casefold()[:6] for match in _STRICT.finditer(text))


def _is_about_another(
    sentence: str, words: frozenset[str], statement: _Statement, everything: frozenset[str]
) -> bool:
    """A name of nobody here, or a word that other statements have and this one lacks."""
    names = {token for name in _NAME.findall(sentence) for token in tokenise(name)}
    if names - everything:
        return True
    foreign = (words & everything) - statement.words
    return bool(names & foreign) or len(foreign) > _FOREIGN_WORDS * len(words)


_NEARLY_A_COPY = 0.8  # share of the words of two texts that both have
_FOREIGN_WORDS = 0.25  # share of a sentence's words that may belong to other statements


def _denies(sentence: str, statement: str) -> bool:
    """Whether a clause is negated on one side and its likest clause on the other is not.

    What is nearly a copy must have as many negations, wherever they stand.
    """
    if _overlap(_content_words(sentence), _content_words(statement)) >= _NEARLY_A_COPY:
        return _negations(sentence) != _negations(statement)
    theirs = _clauses(statement)
    for clause in _clauses(sentence):
        words = _content_words(clause)
        nearest = max(theirs, key=lambda other: len(words & _content_words(other)), default="")
        if words & _content_words(nearest) and _negations(clause) % 2 != _negations(nearest) % 2:
            return True
    return False


def _negations(text: str) -> int:
    return len(_NEGATIONS.findall(text))


def _overlap(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / max(1, len(first | second))


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSES.split(text) if part.strip()]


def _content_words(text: str) -> frozenset[str]:
    """Tokens that carry meaning: words, and pairs of Chinese characters; figures are apart."""
    tokens = tokenise(text)
    pairs = {token for token in tokens if has_cjk(token) and len(token) > 1}
    words = {token for token in tokens if not has_cjk(token) and not token[0].isdigit()}
    return frozenset(pairs | words)


def _statements(passages: Sequence[str], headings: Sequence[str]) -> list[_Statement]:
    """Sentences, lines and rows, each alone and with its neighbour."""
    found: list[_Statement] = []
    for number, passage in enumerate(passages):
        heading = headings[number] if number < len(headings) else ""
        units = [unit for unit in _units(passage) if not _TABLE_RULE.match(unit)]
        joined = [f"{first} {second}" for first, second in pairwise(units)]
        for text in [*units, *joined]:
            own = _content_words(text)
            found.append(_Statement(text, number, own, own | _content_words(heading)))
    return found


def _sentences(text: str) -> list[str]:
    return [unit for unit in _units(text) if _content_words(unit) or figures(unit)]


def _units(text: str) -> list[str]:
    """Sentences of prose; a list line or table row is one."""
    units: list[str] = []
    for line in text.split("\n"):
        units += [line[start:end].strip() for start, end in sentence_spans(line, 0, len(line))]
    return [unit for unit in units if unit]
