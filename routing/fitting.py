"""Fit every language of checked data, choose the thresholds, write one checkpoint.

The model itself is fitted by `models.intent_training`; the call stands in `_fit` and nowhere else.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.checkpoint import Manifest, save_checkpoint
from models.encoder_shelf import EncoderShelf
from models.heads_file import heads_document, heads_tensors, views_of
from models.intent_classifier import KIND
from models.intent_heads import settings_document
from models.intent_training import FittedLanguage, IntentExamples, fit_language
from models.recipes import Recipe, second_for, tuner_for
from models.romanised import LANGUAGE as PINYIN
from models.romanised import feature_text, feature_texts
from routing.data_checks import refuse_unlearnable
from routing.dataset import (
    CheckedData,
    CheckRules,
    DataReport,
    LabelledUtterance,
    data_digest,
)
from routing.errors import DatasetError
from routing.intervals import wilson
from routing.predictions import Prediction, RouteOf, read_held_out, routes_by
from routing.provenance import code_version, library_versions
from routing.risk_dial import DEFAULT_PROMISE, Dial, build_dial, default_thresholds
from routing.splitting import find_twins
from routing.taxonomy import load_taxonomy

Progress = Callable[[str, float], None]
FEWEST_EXAMPLES = 20  # a language with fewer is a stray line, not a language of the data
_READING = 0.05  # share of the progress bar


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """What a person may choose. The same options, data and code give the same version."""

    seed: int = 0
    max_wrong: float = DEFAULT_PROMISE  # promised share of wrong routes among answered texts
    rules: CheckRules = field(default_factory=CheckRules)
    recipe: Recipe = Recipe.FROZEN


@dataclass(frozen=True, slots=True)
class Trained:
    """A checkpoint and everything that its report shows."""

    folder: Path
    manifest: Manifest
    data: DataReport
    utterances: list[LabelledUtterance]
    predictions: list[Prediction]
    dial: Dial


_Fitted = dict[str, FittedLanguage]  # by language


def fit_checked(
    checked: CheckedData,
    output: Path,
    *,
    options: TrainingOptions,
    twins: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    using: EncoderShelf,
) -> Trained:
    """Fit every language of the utterances, choose the thresholds, write one checkpoint."""
    began = time.perf_counter()
    refuse_unlearnable(checked.utterances, checked.report.source)
    if twins is None:
        twins = find_twins(checked.utterances, checked.report)
    examples = _by_language(checked)
    fitted = _fit(examples, using, options, progress)
    predictions = _predictions(examples, fitted, twins)
    route_of = routes_by(load_taxonomy())
    seen = [p.observation(route_of) for p in predictions if not p.has_twin]
    dial = build_dial(seen, promised=options.max_wrong, seed=options.seed)
    manifest = Manifest(
        kind=KIND,
        languages=tuple(fitted),
        labels={language: list(found.heads.labels) for language, found in fitted.items()},
        encoder_revision=_revisions(fitted, using),
        data_digest=data_digest(checked.utterances),
        metrics=_metrics(fitted, predictions, route_of),
        thresholds=default_thresholds(dial, seen).as_dict(),
        settings={lang: _settings(lang, found, using) for lang, found in fitted.items()},
        dial=dial.as_dict(),
        training=_facts(checked.report, options, time.perf_counter() - began),
        code_version=code_version(),
    )
    folder = _save(output, manifest, fitted)
    return Trained(folder, manifest, checked.report, checked.utterances, predictions, dial)


def _save(output: Path, manifest: Manifest, fitted: _Fitted) -> Path:
    documents = {f"heads.{lang}.json": heads_document(f.heads) for lang, f in fitted.items()}
    tuned = {lang: f.tuned for lang, f in fitted.items() if f.tuned is not None}
    documents |= {f"tokenizer.{lang}.json": own.tokenizer_document() for lang, own in tuned.items()}
    return save_checkpoint(
        output,
        manifest,
        tensors={f"heads.{lang}.safetensors": heads_tensors(f.heads) for lang, f in fitted.items()},
        documents=documents,
        graphs={f"encoder.{lang}.onnx": own.graph for lang, own in tuned.items()},
    )


def _settings(language: str, found: FittedLanguage, encoders: EncoderShelf) -> dict[str, Any]:
    """What is needed to rebuild a language: its views, its encoders, what was chosen."""
    encoder, second = encoders.find(language), encoders.second(language)
    return settings_document(found.heads.settings) | {
        "views": views_of(found.heads),
        "encoder": None if encoder is None else encoder.revision,
        "second": None if second is None else second.revision,
        "tuned": None if found.tuned is None else found.tuned.facts(),
    }


def _revisions(fitted: _Fitted, encoders: EncoderShelf) -> str:
    """Every language's encoder in one line."""
    found = {language: encoders.find(language) for language in fitted}
    named = [f"{language}: {e.revision}" for language, e in found.items() if e is not None]
    return "; ".join(named) or "none"


def _by_language(checked: CheckedData) -> dict[str, IntentExamples]:
    ordered = sorted(checked.utterances, key=lambda u: (u.language, u.intent or "", u.text))
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
        else:
            checked.report.warnings.append(
                f"{len(chosen)} texts in {language!r} are not learnt: a language needs two "
                f"intents and {FEWEST_EXAMPLES} texts"
            )
    if "zh" in found:
        found[PINYIN] = _romanised(found["zh"])
    if not found:
        raise DatasetError(
            f"{checked.report.source}: too little data: one language needs at least two intents "
            f"and {FEWEST_EXAMPLES} texts"
        )
    return found


def _romanised(chinese: IntentExamples) -> IntentExamples:
    """The same examples as a customer without a Chinese keyboard would spell them."""
    return IntentExamples(
        tuple(feature_texts(chinese.texts)),
        chinese.intents,
        tuple(feature_texts(chinese.strangers)),
        tuple((feature_text(text), intent) for text, intent in chinese.anchors),
    )


def _anchors(language: str) -> tuple[tuple[str, str], ...]:
    """The taxonomy's own words for each intent; labels that it does not know are unaffected."""
    taxonomy = load_taxonomy()
    return tuple((intent.label[language], intent.name) for intent in taxonomy)


def _fit(
    examples: dict[str, IntentExamples],
    encoders: EncoderShelf,
    options: TrainingOptions,
    progress: Progress | None,
) -> _Fitted:
    report = progress or (lambda _step, _share: None)
    fitted: _Fitted = {}
    for done, (language, texts) in enumerate(examples.items()):

        def tell(step: str, share: float, done: int = done) -> None:
            report(step, _READING + (1 - _READING) * (done + share) / len(examples))

        fitted[language] = fit_language(
            texts,
            language=language,
            encoder=encoders.find(language),
            seed=options.seed,
            tuner=tuner_for(options.recipe, encoders, language),
            second=second_for(options.recipe, encoders, language),
            on_progress=tell,
        )
    report("done", 1.0)
    return fitted


def _predictions(
    examples: Mapping[str, IntentExamples], fitted: _Fitted, twins: Mapping[str, str]
) -> list[Prediction]:
    found: list[Prediction] = []
    for language, texts in examples.items():
        groups = [twins.get(text, text) for text in texts.texts]
        found += read_held_out(texts, fitted[language].held_out, language=language, groups=groups)
    return found


def _metrics(
    fitted: _Fitted, predictions: Sequence[Prediction], route_of: RouteOf
) -> dict[str, Any]:
    """Held-out figures by language; those without twins are what fresh text will see."""
    found: dict[str, Any] = {}
    for language, fit in fitted.items():
        seen = fit.held_out
        inside = [p for p in predictions if p.language == language and p.truth is not None]
        alone = [p for p in inside if not p.has_twin]
        right = wilson(sum(p.is_correct for p in inside), len(inside))
        route_hits = sum(p.takes_right_route(route_of) for p in inside)
        found[language] = seen.metrics() | {
            "accuracy_low": right.low,
            "accuracy_high": right.high,
            "accuracy_without_twins": wilson(sum(p.is_correct for p in alone), len(alone)).value,
            "examples_without_twins": float(len(alone)),
            "route_accuracy": wilson(route_hits, len(inside)).value,
        }
    return found


def _facts(report: DataReport, options: TrainingOptions, seconds: float) -> dict[str, Any]:
    return {
        "recipe": options.recipe.value,
        "seed": options.seed,
        "max_wrong": options.max_wrong,
        "conflicts": options.rules.conflicts,
        "source": report.source,
        "rows": report.rows,
        "kept": report.kept,
        "dropped": dict(report.dropped),
        "libraries": library_versions(),
        "seconds": round(seconds, 1),
    }
