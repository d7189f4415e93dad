"""Are the urgent intents heard? `python -m routing.evaluate_urgent --help`.

A case has a text and what must be heard (`must_not_miss`: an urgent intent, or null), or, like any
golden utterance, its intent. Heard means: the router hands the customer to a person, under some
urgent intent. A false alarm is the same where nothing urgent was said.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.errors import ModelError
from routing.classifier import load_classifier
from routing.errors import DatasetError
from routing.intervals import Share, exact
from routing.router import IntentRouter
from routing.taxonomy import load_taxonomy
from routing.types import Outcome, RoutingDecision, Utterance

SHOWN = 5


@dataclass(frozen=True, slots=True)
class UrgentFigures:
    """One file of cases. Intervals are exact, at 95 %."""

    name: str
    heard: Share  # urgent texts that reach a person
    by_intent: dict[str, Share]
    false_alarms: Share
    missed: list[str]
    alarms: list[str]


def evaluate_urgent(router: IntentRouter, path: Path) -> UrgentFigures:
    """Recall and false alarms of the whole router on a file; the file's name ends in a locale."""
    urgent = router.taxonomy.must_not_miss
    cases = _read(path)
    locale = path.stem.split(".")[-1]
    decisions = router.route_many([Utterance(case["text"], locale) for case in cases])
    seen = list(zip(cases, decisions, strict=True))
    loud = [(c, d) for c, d in seen if _wanted(c) in urgent]
    calm = [(c, d) for c, d in seen if _wanted(c) not in urgent]
    missed = [c["text"] for c, d in loud if not _is_heard(d, urgent)]
    alarms = [c["text"] for c, d in calm if _is_heard(d, urgent)]
    return UrgentFigures(
        name=str(Path(path.parent.name) / path.name),
        heard=exact(len(loud) - len(missed), len(loud)),
        by_intent={name: _recall(loud, name, urgent) for name in sorted(urgent)},
        false_alarms=exact(len(alarms), len(calm)),
        missed=missed,
        alarms=alarms,
    )


def _recall(
    loud: Sequence[tuple[dict[str, Any], RoutingDecision]], name: str, urgent: frozenset[str]
) -> Share:
    own = [_is_heard(d, urgent) for c, d in loud if _wanted(c) == name]
    return exact(sum(own), len(own))


def _is_heard(decision: RoutingDecision, urgent: frozenset[str]) -> bool:
    return decision.outcome is Outcome.HANDOFF and decision.intent in urgent


def _wanted(case: dict[str, Any]) -> str | None:
    wanted: str | None = case["must_not_miss"] if "must_not_miss" in case else case.get("intent")
    return wanted


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as broken:
        raise DatasetError(f"{path}: {broken}") from broken
    if not rows or not all(isinstance(row, dict) and row.get("text") for row in rows):
        raise DatasetError(f"{path.name}: expected JSON Lines, each with a text")
    return rows


def summarise(found: Sequence[UrgentFigures]) -> str:
    """A block of lines for each file."""
    lines: list[str] = []
    for figures in found:
        lines += [figures.name, f"  heard         {figures.heard}"]
        lines += [f"    {name:18} {share}" for name, share in figures.by_intent.items()]
        lines.append(f"  false alarms  {figures.false_alarms}")
        lines += [f"    missed: {text}" for text in figures.missed[:SHOWN]]
        lines += [f"    alarm:  {text}" for text in figures.alarms[:SHOWN]]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m routing.evaluate_urgent",
        description=__doc__,
        epilog="example: python -m routing.evaluate_urgent --checkpoint var/models/intent/VERSION "
        "tests/evaluation/golden/must_not_miss/*.jsonl",
    )
    parser.add_argument("files", type=Path, nargs="+", help="JSON Lines, named LOCALE.jsonl")
    parser.add_argument("--checkpoint", type=Path, required=True, help="folder of one version")
    parser.add_argument("--json", type=Path, help="write everything here")
    chosen = parser.parse_args(arguments)
    try:
        classifier = load_classifier(chosen.checkpoint)
        try:
            router = IntentRouter(load_taxonomy(), classifier)
            found = [evaluate_urgent(router, path) for path in chosen.files]
        finally:
            classifier.close()
    except (DatasetError, ModelError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(summarise(found) + "\n")
    if chosen.json is not None:
        body = [asdict(figures) for figures in found]
        chosen.json.write_text(json.dumps(body, ensure_ascii=False, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
