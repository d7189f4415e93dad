"""Measure retrieval, answers and abstention over golden questions. Knows no command line."""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from knowledge_base.abstention import AbstentionReport, abstention_report
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.metrics import mean_ndcg, mean_reciprocal_rank, recall_at
from knowledge_base.protocols import KnowledgeBase
from knowledge_base.types import ExampleQuestion, Hit, SearchMode

_DEPTH = 30  # chunks searched, so that ten documents remain


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question as a customer writes it, and the document that answers it."""

    question: str
    slug: str


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A question that no article answers: `near` is a bank's business, `far` is not."""

    question: str
    kind: str


@dataclass(frozen=True, slots=True)
class GoldenAnswer:
    """A question, the intent that it is routed to, and the facts that a right answer states."""

    question: str
    intent: str
    must_contain: tuple[tuple[str, ...], ...]  # of every group one wording has to be there

    def is_stated_in(self, text: str) -> bool:
        """Whether the text holds every fact; spaces, dashes and emphasis make no difference."""
        plain = _plain(text)
        return all(any(_holds(plain, fact) for fact in facts) for facts in self.must_contain)


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """Shares of the questions: answered with the facts, answered without them, not answered."""

    questions: int
    right: float
    wrong: float
    abstained: float
    wrongly_answered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocaleReport:
    """Figures of one language."""

    questions: int
    off_topic: int
    figures: dict[str, float]
    missed: tuple[str, ...]  # questions whose document is not among the first five
    wrongly_answered: tuple[str, ...]  # off-topic questions that got an answer


def load_golden(path: Path) -> list[GoldenQuestion]:
    """One JSON object a line: question and slug."""
    return [GoldenQuestion(**row) for row in _rows(path)]


def load_golden_answers(path: Path) -> list[GoldenAnswer]:
    """One JSON object a line; a fact with several wordings is a list."""
    return [
        GoldenAnswer(
            row["question"],
            row["intent"],
            tuple(
                (fact,) if isinstance(fact, str) else tuple(fact) for fact in row["must_contain"]
            ),
        )
        for row in _rows(path)
    ]


def load_off_topic(path: Path) -> list[str]:
    """One JSON object a line: text."""
    return [str(row["text"]) for row in _rows(path)]


def load_unanswerable(path: Path) -> list[UnansweredQuestion]:
    """One JSON object a line: question and kind."""
    return [UnansweredQuestion(row["question"], row["kind"]) for row in _rows(path)]


def load_examples(path: Path) -> list[ExampleQuestion]:
    """One JSON object a line: text and intent."""
    return [ExampleQuestion(row["text"], row["intent"]) for row in _rows(path)]


def evaluate(
    knowledge_base: KnowledgeBase,
    *,
    locale: str,
    golden: Sequence[GoldenQuestion],
    off_topic: Sequence[str],
    mode: SearchMode = SearchMode.HYBRID,
) -> LocaleReport:
    """Search and answer every question, and ask what has no answer."""
    wanted = [f"{locale}-{item.slug}" for item in golden]
    rankings = [
        document_ranking(knowledge_base.search(item.question, k=_DEPTH, locale=locale, mode=mode))
        for item in golden
    ]
    answers = [knowledge_base.answer(item.question, locale=locale) for item in golden]
    refusals = [knowledge_base.answer(question, locale=locale) for question in off_topic]
    cited = [answer.citations[0].document_id if answer.citations else "" for answer in answers]
    right = sum(document == target for document, target in zip(cited, wanted, strict=True))
    answered = sum(not answer.abstained for answer in answers)
    figures = ranking_figures(rankings, wanted) | {
        "answered": answered / len(golden),
        "answered_from_wanted_document": right / len(golden),
        "abstained_off_topic": sum(answer.abstained for answer in refusals)
        / max(1, len(off_topic)),
    }
    return LocaleReport(
        questions=len(golden),
        off_topic=len(off_topic),
        figures={name: round(value, 4) for name, value in figures.items()},
        missed=tuple(
            f"{item.slug}: {item.question}"
            for item, ranking, target in zip(golden, rankings, wanted, strict=True)
            if target not in ranking[:5]
        ),
        wrongly_answered=tuple(
            question
            for question, answer in zip(off_topic, refusals, strict=True)
            if not answer.abstained
        ),
    )


def evaluate_answers(
    knowledge_base: KnowledgeBase,
    golden: Sequence[GoldenAnswer],
    *,
    locale: str,
    with_intent: bool,
) -> AnswerReport:
    """Ask every question, with the intent that the router would hand over or without."""
    texts = [
        knowledge_base.answer(
            item.question, locale=locale, intent=item.intent if with_intent else None
        ).text
        for item in golden
    ]
    abstained = sum(text is None for text in texts)
    wrong = [
        item.question
        for item, text in zip(golden, texts, strict=True)
        if text is not None and not item.is_stated_in(text)
    ]
    total = max(1, len(golden))
    return AnswerReport(
        questions=len(golden),
        right=round((len(golden) - abstained - len(wrong)) / total, 4),
        wrong=round(len(wrong) / total, 4),
        abstained=round(abstained / total, 4),
        wrongly_answered=tuple(wrong),
    )


def answer_figures(
    knowledge_base: KnowledgeBase, golden: Sequence[GoldenAnswer], *, locale: str
) -> dict[str, float]:
    """Shares right, wrong and abstained for each half of the set, with and without the intent."""
    halves = {"development": golden[0::2], "held_out": golden[1::2]}
    figures: dict[str, float] = {}
    for half, part in halves.items():
        for with_intent in (False, True):
            report = evaluate_answers(knowledge_base, part, locale=locale, with_intent=with_intent)
            name = f"answers_{half}" + "_with_intent" * with_intent
            figures[f"{name}_right"] = report.right
            figures[f"{name}_wrong"] = report.wrong
            figures[f"{name}_abstained"] = report.abstained
    return figures


def evaluate_abstention(
    knowledge_base: KnowledgeBase,
    golden: Sequence[GoldenQuestion],
    unanswered: Sequence[UnansweredQuestion],
    *,
    locale: str,
) -> AbstentionReport:
    """Ask what the articles answer and what they do not, without an intent."""
    rankings = [
        document_ranking(knowledge_base.search(item.question, k=_DEPTH, locale=locale))
        for item in golden
    ]
    answers = [knowledge_base.answer(item.question, locale=locale) for item in golden]
    confidences: defaultdict[str, list[float]] = defaultdict(list)
    abstained: defaultdict[str, list[bool]] = defaultdict(list)
    for item in unanswered:
        answer = knowledge_base.answer(item.question, locale=locale)
        confidences[item.kind].append(answer.confidence)
        for kind in (item.kind, "all"):
            abstained[kind].append(answer.abstained)
    return abstention_report(
        [answer.confidence for answer in answers],
        [
            ranking[:1] == [f"{locale}-{item.slug}"]
            for item, ranking in zip(golden, rankings, strict=True)
        ],
        confidences,
        answered=sum(not answer.abstained for answer in answers) / max(1, len(answers)),
        abstained={kind: sum(found) / len(found) for kind, found in abstained.items()},
    )


def recall_by_half(
    knowledge_base: KnowledgeBase,
    golden: Sequence[GoldenQuestion],
    *,
    locale: str,
    mode: SearchMode = SearchMode.HYBRID,
) -> dict[str, float]:
    """Recall at 1 and 5 of questions in other words, for each half of the set."""
    figures: dict[str, float] = {}
    for half in ("development", "held_out"):
        part = [item for item in golden if is_held_out(item.question) == (half == "held_out")]
        rankings = [
            document_ranking(
                knowledge_base.search(item.question, k=_DEPTH, locale=locale, mode=mode)
            )
            for item in part
        ]
        found = ranking_figures(rankings, [f"{locale}-{item.slug}" for item in part])
        figures |= {f"paraphrased_{half}_{name}": found[name] for name in ("recall@1", "recall@5")}
    return figures


def is_held_out(text: str, *, parts: int = 2) -> bool:
    """Whether a text belongs to the last of so many parts, drawn by its hash."""
    return int(sha256(text.encode()).hexdigest(), 16) % parts == parts - 1


def document_ranking(hits: Sequence[Hit]) -> list[str]:
    """Documents in the order of their best chunk."""
    return list(dict.fromkeys(hit.chunk.document_id for hit in hits))


def ranking_figures(rankings: Sequence[Sequence[str]], wanted: Sequence[str]) -> dict[str, float]:
    """Recall at 1, 5 and 10, MRR and nDCG at 10."""
    return {
        "recall@1": round(recall_at(1, rankings, wanted), 4),
        "recall@5": round(recall_at(5, rankings, wanted), 4),
        "recall@10": round(recall_at(10, rankings, wanted), 4),
        "mrr@10": round(mean_reciprocal_rank(rankings, wanted), 4),
        "ndcg@10": round(mean_ndcg(rankings, wanted), 4),
    }


def _plain(text: str) -> str:
    return re.sub(r"\s+|\*\*", "", text).lower().replace("–", "-")


def _holds(plain: str, fact: str) -> bool:
    """A number counts as itself only, not as a part of a longer one."""
    wanted = _plain(fact)
    before = r"(?<!\d)(?<!\d[.,])" if wanted[:1].isdigit() else ""
    after = r"(?!\d|[.,]\d)" if wanted[-1:].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, plain) is not None


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise KnowledgeBaseError(f"cannot read the golden set {path}") from error
