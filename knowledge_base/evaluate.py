"""Command line of the evaluation: golden questions over an index of our articles, floors, JSON out.

python -m knowledge_base.evaluate
python -m knowledge_base.evaluate --curve abstention.json
python -m knowledge_base.evaluate --reranker models/cross-encoder
python -m knowledge_base.evaluate --ask-cfpb ask_dev.csv
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge_base.abstention import AbstentionReport, as_json, draw_curves
from knowledge_base.ask_cfpb import compare_modes, load_ask_cfpb
from knowledge_base.evaluation import (
    LocaleReport,
    answer_figures,
    evaluate,
    evaluate_abstention,
    is_held_out,
    load_examples,
    load_golden,
    load_golden_answers,
    load_off_topic,
    load_unanswerable,
    recall_by_half,
)
from knowledge_base.indexer import Indexer
from knowledge_base.live import LiveKnowledgeBase
from knowledge_base.loader import LoadFailure, load_folder
from knowledge_base.protocols import Embedder, KnowledgeBase, Reranker
from knowledge_base.types import STRANGE, ExampleQuestion, SearchMode
from models.encoder_shelf import BundledEncoders, article_encoder, named_encoder

ROOT = Path(__file__).resolve().parent.parent
ENCODERS = ROOT / "var" / "models" / "encoders"
STRANGER_PARTS = 5  # one of so many strange questions is kept from the index, to be measured on
FLOORS = {
    "en": {"recall@5": 0.97, "answered": 0.88, "abstained_off_topic": 0.75}
    | {"paraphrased_held_out_recall@5": 0.94, "answered_paraphrased": 0.88}
    | {"abstained_far": 0.78, "answers_held_out_right": 0.88}
    | {"answers_held_out_with_intent_right": 0.90},
    "zh": {"recall@5": 0.97, "answered": 0.88, "abstained_off_topic": 0.75}
    | {"paraphrased_held_out_recall@5": 0.94, "answered_paraphrased": 0.85}
    | {"abstained_far": 0.85, "answers_held_out_right": 0.86}
    | {"answers_held_out_with_intent_right": 0.88},
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
    reranker = _named_reranker(options.reranker)
    with article_base(
        embedder, options.content, options.utterances, reranker=reranker
    ) as knowledge_base:
        reports, curves = evaluate_articles(
            knowledge_base,
            golden=options.golden,
            utterances=options.utterances,
            mode=SearchMode(options.mode),
        )
    if options.curve is not None:
        options.curve.write_text(json.dumps(as_json(curves), indent=2) + "\n", encoding="utf-8")
        draw_curves(options.curve.with_suffix(".svg"), curves)
    below = missed_floors(reports)
    abstention = {
        locale: {name: value for name, value in asdict(curve).items() if name != "curve"}
        for locale, curve in curves.items()
    }
    _print(
        {
            "locales": {name: asdict(report) for name, report in reports.items()},
            "abstention": abstention,
            "below": below,
        }
    )
    return 1 if below else 0


@contextmanager
def article_base(
    embedder: Embedder, content: Path, utterances: Path, *, reranker: Reranker | None = None
) -> Iterator[LiveKnowledgeBase]:
    """The articles with the examples that the service has, in a temporary folder.

    Of the strange questions a part is left out, to be asked.
    """
    loaded = list(load_folder(content))
    failures = [item for item in loaded if isinstance(item, LoadFailure)]
    if failures:
        raise SystemExit(f"cannot read {failures[0].path}: {failures[0].reason}")
    with TemporaryDirectory() as folder:
        Indexer(Path(folder), embedder, now=_now, reranker=reranker).rebuild(
            [item for item in loaded if not isinstance(item, LoadFailure)], _examples(utterances)
        )
        yield LiveKnowledgeBase(Path(folder), embedder, now=_now, reranker=reranker)


def evaluate_articles(
    knowledge_base: KnowledgeBase,
    *,
    golden: Path,
    utterances: Path,
    mode: SearchMode = SearchMode.HYBRID,
) -> tuple[dict[str, LocaleReport], dict[str, AbstentionReport]]:
    """Evaluate each language: rankings and answers, and when none is given."""
    reports: dict[str, LocaleReport] = {}
    curves: dict[str, AbstentionReport] = {}
    for locale in FLOORS:
        strange = load_off_topic(utterances / f"out_of_scope.{locale}.jsonl")
        report = evaluate(
            knowledge_base,
            locale=locale,
            golden=load_golden(golden / f"retrieval.{locale}.jsonl"),
            off_topic=[text for text in strange if is_held_out(text, parts=STRANGER_PARTS)],
            mode=mode,
        )
        paraphrased = load_golden(golden / f"paraphrased.{locale}.jsonl")
        unanswered = load_unanswerable(golden / f"unanswerable.{locale}.jsonl")
        curve = evaluate_abstention(knowledge_base, paraphrased, unanswered, locale=locale)
        asked = load_golden_answers(golden / f"answers.{locale}.jsonl")
        figures = (
            report.figures
            | recall_by_half(knowledge_base, paraphrased, locale=locale, mode=mode)
            | answer_figures(knowledge_base, asked, locale=locale)
            | {"answered_paraphrased": curve.answered}
            | {f"abstained_{kind}": share for kind, share in curve.abstained.items()}
        )
        reports[locale] = replace(report, figures=figures)
        curves[locale] = curve
    return reports, curves


def missed_floors(reports: dict[str, LocaleReport]) -> list[str]:
    """A sentence for every figure below its floor."""
    return [
        f"{locale}: {name} is {reports[locale].figures[name]}, floor {floor}"
        for locale, floors in FLOORS.items()
        for name, floor in floors.items()
        if reports[locale].figures[name] < floor
    ]


def _examples(utterances: Path) -> list[ExampleQuestion]:
    labelled = [
        example
        for path in sorted(utterances.glob("utterances*.jsonl"))
        for example in load_examples(path)
    ]
    strange = [
        ExampleQuestion(text, STRANGE)
        for path in sorted(utterances.glob("out_of_scope.*.jsonl"))
        for text in load_off_topic(path)
        if not is_held_out(text, parts=STRANGER_PARTS)
    ]
    return labelled + strange


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m knowledge_base.evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--content", type=Path, default=ROOT / "knowledge_base/content")
    parser.add_argument("--golden", type=Path, default=ROOT / "tests/evaluation/golden")
    parser.add_argument("--utterances", type=Path, default=ROOT / "routing/data")
    parser.add_argument("--mode", choices=[mode.value for mode in SearchMode], default="hybrid")
    parser.add_argument("--encoder", help="folder or name of another encoder")
    parser.add_argument("--reranker", help="folder or name of a cross-encoder, for our articles")
    parser.add_argument(
        "--curve", type=Path, help="JSON file of the abstention; its plot beside it"
    )
    parser.add_argument("--ask-cfpb", type=Path, help="compare modes on this CSV file instead")
    return parser


def _named_reranker(model: str | None) -> Reranker | None:
    if model is None:
        return None
    from models.reranker import CrossEncoderReranker  # noqa: PLC0415 -- torch, only where named

    return CrossEncoderReranker(model)


def _print(report: dict[str, object]) -> None:
    json.dump(report, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), tz=UTC)


if __name__ == "__main__":
    sys.exit(main())
