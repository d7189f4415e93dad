"""Command line of the evaluation: golden questions over an index of our articles, floors, JSON out.

python -m knowledge_base.evaluate
python -m knowledge_base.evaluate --ask-cfpb ask_dev.csv
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge_base.ask_cfpb import compare_modes, load_ask_cfpb
from knowledge_base.evaluation import (
    LocaleReport,
    answer_figures,
    evaluate,
    load_examples,
    load_golden,
    load_golden_answers,
    load_off_topic,
)
from knowledge_base.indexer import Indexer
from knowledge_base.live import LiveKnowledgeBase
from knowledge_base.loader import LoadFailure, load_folder
from knowledge_base.protocols import Embedder
from knowledge_base.types import SearchMode
from models.encoder_shelf import BundledEncoders, article_encoder, named_encoder

ROOT = Path(__file__).resolve().parent.parent
ENCODERS = ROOT / "var" / "models" / "encoders"
FLOORS = {
    "en": {"recall@5": 0.95, "answered": 0.70, "abstained_off_topic": 0.90}
    | {"answers_held_out_right": 0.85, "answers_held_out_with_intent_right": 0.88},
    "zh": {"recall@5": 0.95, "answered": 0.80, "abstained_off_topic": 0.90}
    | {"answers_held_out_right": 0.76, "answers_held_out_with_intent_right": 0.80},
}


def main(arguments: list[str] | None = None) -> int:
    """Print the report; 1 when a floor is missed, 2 when an article cannot be read."""
    options = _parser().parse_args(arguments)
    shelf = named_encoder(options.encoder) or BundledEncoders(ENCODERS)
    embedder = article_encoder(shelf)
    if options.ask_cfpb is not None:
        pairs = load_ask_cfpb(options.ask_cfpb)
        _print({"questions": len(pairs), "modes": compare_modes(pairs, embedder, now=_now)})
        return 0
    reports = evaluate_articles(
        embedder,
        content=options.content,
        golden=options.golden,
        utterances=options.utterances,
        mode=SearchMode(options.mode),
    )
    below = missed_floors(reports)
    _print({"locales": {name: asdict(report) for name, report in reports.items()}, "below": below})
    return 1 if below else 0


def evaluate_articles(
    embedder: Embedder,
    *,
    content: Path,
    golden: Path,
    utterances: Path,
    mode: SearchMode = SearchMode.HYBRID,
) -> dict[str, LocaleReport]:
    """Index the articles in a temporary folder and evaluate each language."""
    loaded = list(load_folder(content))
    failures = [item for item in loaded if isinstance(item, LoadFailure)]
    if failures:
        raise SystemExit(f"cannot read {failures[0].path}: {failures[0].reason}")
    with TemporaryDirectory() as folder:
        Indexer(Path(folder), embedder, now=_now).rebuild(
            [item for item in loaded if not isinstance(item, LoadFailure)],
            [
                example
                for path in sorted(utterances.glob("utterances*.jsonl"))  # as the service does
                for example in load_examples(path)
            ],
        )
        knowledge_base = LiveKnowledgeBase(Path(folder), embedder, now=_now)
        reports: dict[str, LocaleReport] = {}
        for locale in FLOORS:
            report = evaluate(
                knowledge_base,
                locale=locale,
                golden=load_golden(golden / f"retrieval.{locale}.jsonl"),
                off_topic=load_off_topic(utterances / f"out_of_scope.{locale}.jsonl"),
                mode=mode,
            )
            asked = load_golden_answers(golden / f"answers.{locale}.jsonl")
            answered = answer_figures(knowledge_base, asked, locale=locale)
            reports[locale] = replace(report, figures=report.figures | answered)
        return reports


def missed_floors(reports: dict[str, LocaleReport]) -> list[str]:
    """A sentence for every figure below its floor."""
    return [
        f"{locale}: {name} is {reports[locale].figures[name]}, floor {floor}"
        for locale, floors in FLOORS.items()
        for name, floor in floors.items()
        if reports[locale].figures[name] < floor
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge_base.evaluate", description=__doc__)
    parser.add_argument("--content", type=Path, default=ROOT / "knowledge_base/content")
    parser.add_argument("--golden", type=Path, default=ROOT / "tests/evaluation/golden")
    parser.add_argument("--utterances", type=Path, default=ROOT / "routing/data")
    parser.add_argument("--mode", choices=[mode.value for mode in SearchMode], default="hybrid")
    parser.add_argument("--encoder", help="folder or name of another encoder")
    parser.add_argument("--ask-cfpb", type=Path, help="compare modes on this CSV file instead")
    return parser


def _print(report: dict[str, object]) -> None:
    json.dump(report, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), tz=UTC)


if __name__ == "__main__":
    sys.exit(main())
