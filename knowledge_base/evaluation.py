"""Measure retrieval and abstention over golden questions. Knows figures, no command line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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


def load_off_topic(path: Path) -> list[str]:
    """One JSON object a line: text."""
    return [str(row["text"]) for row in _rows(path)]


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


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise KnowledgeBaseError(f"cannot read the golden set {path}") from error
