"""Measure how well language and wording are read: `python -m routing.evaluate_language --help`.

A folder of cases holds `pinyin.jsonl`, `mixed.jsonl`, `traditional.jsonl` and the `_fresh` ones
(text, intent), `other.jsonl` (text, language) and `short.jsonl` (text, locale, language, script).
Text files in English, given beside it, must raise no false alarm.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from models.errors import ModelError
from routing.classifier import BatchedClassifier, load_classifier
from routing.dataset import OWN_DATA, load_utterances
from routing.errors import DatasetError
from routing.language import read
from routing.renditions import join, renditions_of
from routing.router import IntentRouter
from routing.taxonomy import Taxonomy, load_taxonomy
from routing.types import Classification, Utterance

# the fresh sets were written after the term tables, which the others helped to write
INTENT_SETS = ("pinyin", "mixed", "mixed_fresh", "traditional", "traditional_fresh")
_SPEED_ROUNDS = 5
_SHOWN = 10
Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of writing: what the best intent is worth, and what the router does."""

    n: int
    intent_accuracy: float
    route_accuracy: float
    answered: float  # share that is not asked back
    wrong_among_answered: float
    plain_heads: (
        float  # intent accuracy when the heads of the reply language read the text as it is
    )
    mistakes: list[str]


@dataclass(frozen=True, slots=True)
class Detection:
    """Right answers of n, and what was missed."""

    n: int
    correct: int
    missed: list[str]


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """English or Chinese taken for something else. With none in n, at most 3/n at 95 %."""

    data: str
    n: int
    other_language: int
    pinyin: int
    upper_bound: float
    texts: list[str]


@dataclass(frozen=True, slots=True)
class LanguageReport:
    """Everything measured; plain JSON by `asdict`."""

    model: str
    wording: dict[str, Wording]
    other_languages: Detection
    exact_codes: int
    short_texts: Detection
    microseconds_per_text: float
    false_alarms: list[FalseAlarms] = field(default_factory=list)


def evaluate_language(
    cases: Path, classifier: BatchedClassifier, *, plain: Sequence[Path] = ()
) -> LanguageReport:
    """Measure a classifier and the detection on a folder of cases."""
    router = IntentRouter(load_taxonomy(), classifier)
    foreign = load_cases(cases / "other.jsonl")
    readings = [read(case["text"]) for case in foreign]
    own = [utterance.text for utterance in load_utterances(OWN_DATA)]
    return LanguageReport(
        model=classifier.version,
        wording={
            name: measure_wording(load_cases(cases / f"{name}.jsonl"), router)
            for name in INTENT_SETS
        },
        other_languages=_detection(foreign, [reading.is_other for reading in readings]),
        exact_codes=sum(
            reading.other == case["language"]
            for case, reading in zip(foreign, readings, strict=True)
        ),
        short_texts=measure_short_texts(load_cases(cases / "short.jsonl")),
        microseconds_per_text=_microseconds(own),
        false_alarms=[
            count_false_alarms("own utterances", own),
            *(
                count_false_alarms(path.name, [u.text for u in load_utterances(path)])
                for path in plain
            ),
        ],
    )


def measure_wording(cases: Sequence[Case], router: IntentRouter) -> Wording:
    """The intents of one way of writing, through the renditions and the whole router."""
    texts = [str(case["text"]) for case in cases]
    truths = [str(case["intent"]) for case in cases]
    guesses = [_best(_view(text, router)) for text in texts]
    plain = [
        _best(router.classifier.classify([text], language=read(text).language)[0]) for text in texts
    ]
    decisions = router.route_many([Utterance(text) for text in texts])
    answered = [decision.outcome.value in ("answer", "handoff") for decision in decisions]
    wrong = [d.intent != t for d, t in zip(decisions, truths, strict=True)]
    pairs = list(zip(guesses, truths, strict=True))
    return Wording(
        n=len(cases),
        intent_accuracy=_share(guess == truth for guess, truth in pairs),
        route_accuracy=_share(_same_route(router.taxonomy, *pair) for pair in pairs),
        answered=_share(answered),
        wrong_among_answered=_share(w for w, a in zip(wrong, answered, strict=True) if a),
        plain_heads=_share(g == t for g, t in zip(plain, truths, strict=True)),
        mistakes=[
            f"{text}: {truth}, read as {guess or 'nothing'}"
            for text, truth, guess in zip(texts, truths, guesses, strict=True)
            if guess != truth
        ],
    )


def measure_short_texts(cases: Sequence[Case]) -> Detection:
    """Language of short texts, and script where the case names one."""

    def is_right(case: Case) -> bool:
        seen = read(case["text"], case.get("locale"))
        is_script = case.get("script") in (None, seen.script.value)
        return seen.language == case["language"] and is_script and not seen.is_other

    return _detection(cases, [is_right(case) for case in cases])


def count_false_alarms(name: str, texts: Sequence[str]) -> FalseAlarms:
    """How often English or Chinese is taken for another language, or English for pinyin."""
    readings = [read(text) for text in texts]
    wrong = [r.is_other or r.script.value == "pinyin" for r in readings]
    return FalseAlarms(
        data=name,
        n=len(texts),
        other_language=sum(reading.is_other for reading in readings),
        pinyin=sum(reading.script.value == "pinyin" for reading in readings),
        upper_bound=3 / len(texts),
        texts=[text for text, is_wrong in zip(texts, wrong, strict=True) if is_wrong][:_SHOWN],
    )


def load_cases(path: Path) -> list[Case]:
    """The rows of a JSON Lines file; DatasetError names a broken line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as missing:
        raise DatasetError(f"{path}: cannot be read") from missing
    found: list[Case] = []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            found.append({**row, "text": row["text"]})
        except (ValueError, KeyError, TypeError) as broken:
            raise DatasetError(f"{path.name}, line {number}: expected an object with text") from (
                broken
            )
    if not found:
        raise DatasetError(f"{path.name}: no cases")
    return found


def _view(text: str, router: IntentRouter) -> Classification:
    return join(
        [
            router.classifier.classify([rendition.text], language=rendition.language)[0]
            for rendition in renditions_of(text, read(text))
        ]
    )


def _best(seen: Classification) -> str:
    return seen.ranking[0].intent if seen.ranking else ""


def _same_route(taxonomy: Taxonomy, guess: str, truth: str) -> bool:
    found, wanted = taxonomy.find(guess), taxonomy.find(truth)
    return found is not None and wanted is not None and found.route is wanted.route


def _detection(cases: Sequence[Case], is_right: Sequence[bool]) -> Detection:
    missed = [str(c["text"]) for c, right in zip(cases, is_right, strict=True) if not right]
    return Detection(len(cases), len(cases) - len(missed), missed)


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def _microseconds(texts: Sequence[str], clock: Callable[[], float] = time.perf_counter) -> float:
    """The fastest of a few rounds over all texts: what the detection itself costs."""
    rounds = []
    for _ in range(_SPEED_ROUNDS):
        start = clock()
        for text in texts:
            read(text)
        rounds.append((clock() - start) / len(texts))
    return min(rounds) * 1e6


def summarise(report: LanguageReport) -> str:
    """The figures as lines for a terminal."""
    lines = [f"model {report.model}"]
    for name, seen in report.wording.items():
        lines.append(
            f"{name:18} n {seen.n:4}  intent {seen.intent_accuracy:.1%}  route "
            f"{seen.route_accuracy:.1%}  answered {seen.answered:.1%}, wrong among them "
            f"{seen.wrong_among_answered:.1%}  (as it is, one set of heads: {seen.plain_heads:.1%})"
        )
    other, short = report.other_languages, report.short_texts
    lines.append(
        f"other              n {other.n:4}  recognised {other.correct / other.n:.1%}, right code "
        f"{report.exact_codes / other.n:.1%}"
    )
    lines.append(f"short              n {short.n:4}  right {short.correct / short.n:.1%}")
    lines += [
        f"false alarms n {alarm.n:5}  other language {alarm.other_language}, pinyin {alarm.pinyin} "
        f"(3/n {alarm.upper_bound:.3%})  {alarm.data}"
        for alarm in report.false_alarms
    ]
    lines.append(f"detection {report.microseconds_per_text:.0f} microseconds a text")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m routing.evaluate_language",
        description=__doc__,
        epilog="example: python -m routing.evaluate_language --checkpoint var/models/intent/VERSION"
        " --cases tests/evaluation/golden/language --json",
    )
    parser.add_argument("--checkpoint", type=Path, required=True, help="folder of one version")
    parser.add_argument("--cases", type=Path, required=True, help="folder of the cases")
    parser.add_argument(
        "--plain", type=Path, nargs="*", default=[], help="English files without foreign text"
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    chosen = parser.parse_args(arguments)
    try:
        classifier = load_classifier(chosen.checkpoint)
        try:
            report = evaluate_language(chosen.cases, classifier, plain=chosen.plain)
        finally:
            classifier.close()
    except (DatasetError, ModelError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    shown = (
        json.dumps(asdict(report), ensure_ascii=False, indent=2)
        if chosen.json
        else summarise(report)
    )
    sys.stdout.write(shown + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
