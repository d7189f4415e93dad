"""Fit an intent model and save a checkpoint: `python -m routing.train --help`.

Without data our own bilingual utterances are used; a bank's file may bring its own labels.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.checkpoint import Manifest, load_checkpoint, save_checkpoint
from models.device import prepare_cpu, seed_everything
from models.encoder import TextEncoder
from models.errors import ModelError
from models.intent_classifier import KIND, restore_intent_model
from models.intent_heads import IntentHeads
from models.intent_training import HeldOut, IntentExamples, fit_language
from models.types import Encoder
from routing.dataset import (
    LabelledUtterance,
    data_digest,
    find_leaks,
    load_utterances,
    split_holdout,
)
from routing.errors import DatasetError
from routing.evaluate import EvaluationReport, evaluate_model, summarise
from routing.taxonomy import load_taxonomy
from routing.thresholds import Observation, choose_thresholds

Progress = Callable[[str, float], None]
FEWEST_EXAMPLES = 20  # a language with fewer is a stray line, not a language of the data


@dataclass(frozen=True, slots=True)
class _Fitted:
    heads: dict[str, IntentHeads]
    held_out: dict[str, HeldOut]


def train(
    data: Path | None,
    output: Path,
    seed: int = 0,
    on_progress: Progress | None = None,
    *,
    encoder: Encoder | None = None,
) -> Path:
    """Fit on everything in `data` and write `output/<version>/`; the same data, the same version.

    Thresholds, blend and calibration are chosen on cross-validated folds of the same data.
    """
    return fit_and_save(
        load_utterances(data), output, seed=seed, progress=on_progress, using=encoder
    )


def train_with_holdout(
    data: Path | None,
    output: Path,
    *,
    share: float,
    seed: int = 0,
    on_progress: Progress | None = None,
    encoder: Encoder | None = None,
) -> tuple[Path, EvaluationReport]:
    """Fit on a part, measure on the stratified rest; the report lies beside the checkpoint."""
    training, held_out = split_holdout(load_utterances(data), share=share, seed=seed)
    leaks = find_leaks(training, held_out)
    if leaks:
        raise DatasetError(f"{len(leaks)} held-out texts occur in training, first: {leaks[0]!r}")
    using = encoder or TextEncoder()
    folder = fit_and_save(training, output, seed=seed, progress=on_progress, using=using)
    model = restore_intent_model(load_checkpoint(folder, kind=KIND), using)
    report = evaluate_model(model, held_out, name=f"held-out {share:.0%}, seed {seed}")
    path = output / f"{folder.name}.holdout.json"
    path.write_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=2), encoding="utf-8")
    return folder, report


def fit_and_save(
    utterances: Sequence[LabelledUtterance],
    output: Path,
    *,
    seed: int = 0,
    progress: Progress | None = None,
    using: Encoder | None = None,
) -> Path:
    """Fit every language of the utterances and write one checkpoint."""
    prepare_cpu()
    seed_everything(seed)
    encoder = using or TextEncoder()
    fitted = _fit(_by_language(utterances), encoder, seed, progress)
    thresholds = choose_thresholds(_observations(fitted.held_out.values()))
    manifest = Manifest(
        kind=KIND,
        languages=tuple(fitted.heads),
        labels={language: list(heads.labels) for language, heads in fitted.heads.items()},
        encoder_revision=encoder.revision,
        data_digest=data_digest(utterances),
        metrics={language: seen.metrics() for language, seen in fitted.held_out.items()},
        thresholds=thresholds.as_dict(),
        settings={lang: heads.settings_document() for lang, heads in fitted.heads.items()},
    )
    return save_checkpoint(
        output,
        manifest,
        tensors={f"heads.{lang}.safetensors": h.tensors() for lang, h in fitted.heads.items()},
        documents={
            f"vocabulary.{lang}.json": h.lexical.features.document()
            for lang, h in fitted.heads.items()
        },
    )


def _by_language(utterances: Sequence[LabelledUtterance]) -> dict[str, IntentExamples]:
    ordered = sorted(utterances, key=lambda u: (u.language, u.intent or "", u.text))
    found: dict[str, IntentExamples] = {}
    for language in sorted({u.language for u in ordered}):
        chosen = [u for u in ordered if u.language == language]
        labelled = [(u.text, u.intent) for u in chosen if u.intent is not None]
        intents = tuple(intent for _, intent in labelled)
        if 2 <= len(set(intents)) < len(intents) and len(intents) >= FEWEST_EXAMPLES:
            strangers = tuple(u.text for u in chosen if u.intent is None)
            found[language] = IntentExamples(
                tuple(text for text, _ in labelled), intents, strangers, _anchors(language)
            )
    if not found:
        raise DatasetError(
            f"too little data: one language needs at least two intents and {FEWEST_EXAMPLES} rows"
        )
    return found


def _anchors(language: str) -> tuple[tuple[str, str], ...]:
    """The taxonomy's own words for each intent; labels that it does not know are unaffected."""
    taxonomy = load_taxonomy()
    return tuple((intent.label[language], intent.name) for intent in taxonomy)


def _fit(
    examples: dict[str, IntentExamples], encoder: Encoder, seed: int, progress: Progress | None
) -> _Fitted:
    report = progress or (lambda _step, _share: None)
    fitted = _Fitted({}, {})
    for done, (language, texts) in enumerate(examples.items()):

        def tell(step: str, share: float, done: int = done) -> None:
            report(step, (done + share) / len(examples))

        heads, held_out = fit_language(
            texts, language=language, encoder=encoder, seed=seed, on_progress=tell
        )
        fitted.heads[language] = heads
        fitted.held_out[language] = held_out
    report("done", 1.0)
    return fitted


def _observations(held_out: Iterable[HeldOut]) -> list[Observation]:
    return [
        Observation(
            float(confidence),
            float(margin),
            float(score),
            bool(is_correct),
            1 / seen.folds if is_stranger else 1.0,
        )
        for seen in held_out
        for confidence, margin, score, is_correct, is_stranger in zip(
            seen.confidence,
            seen.margin,
            seen.score,
            seen.is_correct,
            seen.is_stranger,
            strict=True,
        )
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m routing.train",
        description=__doc__,
        epilog="example: python -m routing.train --data ours.csv --output var/models/intent "
        "--holdout 0.2",
    )
    parser.add_argument("--data", type=Path, help="CSV, JSON Lines or a folder; default: our own")
    parser.add_argument("--output", type=Path, required=True, help="folder of the versions")
    parser.add_argument("--holdout", type=float, default=0.0, help="share kept for measuring")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--encoder", help="folder or hub id; default: the bundled encoder")
    chosen = parser.parse_args(arguments)
    try:
        _run(chosen)
    except (DatasetError, ModelError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _run(chosen: argparse.Namespace) -> None:
    encoder = TextEncoder(chosen.encoder)
    if not chosen.holdout:
        folder = train(chosen.data, chosen.output, chosen.seed, _tell, encoder=encoder)
    else:
        folder, report = train_with_holdout(
            chosen.data,
            chosen.output,
            share=chosen.holdout,
            seed=chosen.seed,
            on_progress=_tell,
            encoder=encoder,
        )
        sys.stdout.write(summarise(report) + "\n")
    sys.stdout.write(f"{folder}\n")


def _tell(step: str, share: float) -> None:
    sys.stderr.write(f"{share:4.0%} {step}\n")


if __name__ == "__main__":
    sys.exit(main())
