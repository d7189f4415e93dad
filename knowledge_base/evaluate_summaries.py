"""Command line: summaries against baselines, facts against labels, and the time of a long text.

python -m knowledge_base.evaluate_summaries
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from knowledge_base.facts.evaluation import FactScore, judge_facts, score_facts
from knowledge_base.facts.extraction import extract_facts
from knowledge_base.loader import load_file
from knowledge_base.long_document import MAX_CHARACTERS, read_long_document
from knowledge_base.protocols import Embedder
from knowledge_base.summaries.evaluation import mean_scores, score_methods
from knowledge_base.summaries.golden import GoldenDocument, load_golden_documents
from knowledge_base.summaries.report import report_on
from models.encoder_shelf import BundledEncoders, article_encoder, named_encoder

ROOT = Path(__file__).resolve().parent.parent
ENCODERS = ROOT / "var" / "models" / "encoders"
LOCALES = ("en", "zh")
# of what is measured today, with room for another encoder
FLOORS = {"key_facts": 0.55, "lead_over_leads": 0.10, "precision": 0.97, "recall": 0.97}


def main(arguments: list[str] | None = None) -> int:
    """Print the report; 1 when a floor is missed."""
    options = _parser().parse_args(arguments)
    embedder = article_encoder(named_encoder(options.encoder) or BundledEncoders(ENCODERS))
    documents = load_golden_documents(options.golden, options.content)
    report = evaluate_summaries(documents, embedder)
    if options.time:
        report["seconds"] = time_of_longest(options.content, documents, embedder)
    json.dump(report, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    return 1 if report["below"] else 0


def evaluate_summaries(
    documents: Sequence[GoldenDocument], embedder: Embedder | None
) -> dict[str, object]:
    """Scores of every method by language and document, of every kind of fact, and missed floors."""
    scores = {
        (one.name, one.locale): score_methods(one, _reads(embedder, one)) for one in documents
    }
    means = {
        locale: mean_scores([score for (_, own), score in scores.items() if own == locale])
        for locale in LOCALES
    }
    facts = score_facts(
        judge_facts(extract_facts(read_long_document(one.text)), one.labels)
        for one in documents
        if one.is_labelled
    )
    total = _total(facts.values())
    return {
        "summaries": means,
        "documents": {
            f"{name}.{locale}": {method: asdict(one) for method, one in score.items()}
            for (name, locale), score in scores.items()
        },
        "facts": {kind.value: _shown(score) for kind, score in facts.items()},
        "all_facts": _shown(total),
        "below": _below(means, total),
    }


def time_of_longest(
    content: Path, documents: Sequence[GoldenDocument], embedder: Embedder
) -> dict[str, dict[str, float]]:
    """Processor seconds of one whole report over as many characters as are allowed.

    All articles and labelled documents of a language, repeated where they are too short.
    """
    found: dict[str, dict[str, float]] = {}
    for locale in LOCALES:
        paths = sorted((content / locale).glob("*.md"))
        articles = [article.body for path in paths for article in load_file(path)]
        labelled = [one.text for one in documents if one.locale == locale and one.is_labelled]
        texts = "\n\n".join([*articles, *labelled])
        text = (f"{texts}\n\n" * (MAX_CHARACTERS // len(texts) + 1))[:MAX_CHARACTERS]
        document = read_long_document(text)
        began = time.process_time()
        report = report_on(document, embedder=embedder, language=locale)
        found[locale] = {
            "characters": len(text),
            "units": len(document.units),
            "facts": len(report.facts),
            "seconds": round(time.process_time() - began, 2),
        }
    return found


def _reads(embedder: Embedder | None, document: GoldenDocument) -> Embedder | None:
    can_read = embedder is not None and (document.locale == "en" or embedder.reads_cjk)
    return embedder if can_read else None


def _total(scores: Iterable[FactScore]) -> FactScore:
    counted = list(scores)
    return FactScore(
        *(sum(getattr(one, field) for one in counted) for field in FactScore.__slots__)
    )


def _shown(score: FactScore) -> dict[str, float]:
    rates = {"precision": round(score.precision, 4), "recall": round(score.recall, 4)}
    return asdict(score) | rates


def _below(means: dict[str, dict[str, dict[str, float]]], facts: FactScore) -> list[str]:
    """A sentence for every figure under its floor."""
    figures: list[tuple[str, str, float]] = []
    for locale, methods in means.items():
        ours = methods["ours"]["key_facts"]
        lead = ours - methods["lead_of_sections"]["key_facts"]
        figures += [(locale, "key_facts", ours), (locale, "lead_over_leads", round(lead, 4))]
    figures += [("facts", name, getattr(facts, name)) for name in ("precision", "recall")]
    return [
        f"{where}: {name} is {figure}, floor {FLOORS[name]}"
        for where, name, figure in figures
        if figure < FLOORS[name]
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m knowledge_base.evaluate_summaries", description=__doc__
    )
    parser.add_argument("--content", type=Path, default=ROOT / "knowledge_base/content")
    parser.add_argument(
        "--golden", type=Path, default=ROOT / "tests/evaluation/golden/long_documents"
    )
    parser.add_argument("--encoder", help="folder or name of another encoder")
    parser.add_argument(
        "--time", action="store_true", help="measure a text of the longest kind too"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
