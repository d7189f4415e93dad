"""Measure dialogues in their context: `python -m routing.evaluate_context --help`.

Each line of a file has `history` and `text` with the intents that are expected in order, or an
`open` request with the reading of the text as its answer. `negative` rows must be left alone.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.account_model.open_requests import WaitsFor, read_answer
from models.errors import ModelError
from routing.classifier import load_classifier
from routing.dataset import load_utterances
from routing.errors import DatasetError
from routing.policy import MANY_REQUESTS
from routing.router import IntentRouter
from routing.taxonomy import load_taxonomy
from routing.types import RoutingDecision, Utterance

ANY = "?"  # the row does not say which intent is right
OUT_OF_SCOPE = "out_of_scope"
KINDS = ("follow_up", "correction", "multi", "negative", "open")
BEFORE = {"en": "What is my balance?", "zh": "我的余额是多少"}  # said before a lone utterance
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One row: what was said before, what is said now, what it must come to."""

    id: str
    group: str
    kind: str
    language: str
    text: str
    history: tuple[str, ...]
    expect: tuple[tuple[str, ...], ...]  # for each request in order, the intents that are right
    action: str | None = None  # the open request, its need, and how the text answers it
    waits_for: str | None = None
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class ContextReport:
    """Shares of dialogues that came out as expected, and the rows that did not."""

    checkpoint: str
    figures: dict[str, dict[str, Any]]
    failures: list[dict[str, Any]]
    untouched: dict[str, dict[str, Any]]  # single utterances that must not be split or inherited

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def load_dialogues(path: Path) -> list[Dialogue]:
    """All dialogues of a file or folder of JSON Lines; the file's name tells the language."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not all(file.exists() for file in files):
        raise DatasetError(f"{path}: no dialogues (*.jsonl)")
    return [_parse(line, file) for file in files for line in _lines(file)]


def evaluate_context(
    router: IntentRouter, dialogues: Sequence[Dialogue], single: Iterable[tuple[str, str]] = ()
) -> ContextReport:
    """Every dialogue through the router; `single` are texts with their language."""
    routed = [one for one in dialogues if one.kind != "open"]
    decisions = router.route_many(
        [Utterance(one.text, one.language, one.history) for one in routed]
    )
    came_out = dict(zip((one.id for one in routed), decisions, strict=True))
    tallies: dict[str, list[bool]] = defaultdict(list)
    failures = []
    for one in dialogues:
        got = _reading_of(one) if one.kind == "open" else _intents_of(came_out[one.id])
        is_right = got == [one.reading] if one.kind == "open" else _fits(one, came_out[one.id])
        for name in (one.kind, "all"):
            tallies[f"{one.language} {one.group} {name}"].append(is_right)
        if not is_right:
            failures.append({"id": one.id, "text": one.text, "got": got})
    figures = {name: _share(rights) for name, rights in sorted(tallies.items())}
    return ContextReport(router.classifier.version, figures, failures, _untouched(router, single))


def _untouched(
    router: IntentRouter, single: Iterable[tuple[str, str]]
) -> dict[str, dict[str, Any]]:
    """How often a text that asks for one thing is split, or read as a follow-up of another."""
    texts: dict[str, list[str]] = defaultdict(list)
    for text, language in single:
        texts[language].append(text)
    found = {}
    for language, rows in sorted(texts.items()):
        alone = _route_all(router, [Utterance(text, language) for text in rows])
        before = (BEFORE.get(language, BEFORE["en"]),)
        after = _route_all(router, [Utterance(text, language, before) for text in rows])
        split = [row for row, one in zip(rows, alone, strict=True) if _is_split(one)]
        inherited = [row for row, one in zip(rows, after, strict=True) if one.context]
        found[language] = {
            "n": len(rows),
            "split": len(split) / len(rows),
            "in_context": len(inherited) / len(rows),
            "split_texts": split,
            "in_context_texts": inherited,
        }
    return found


def _route_all(router: IntentRouter, utterances: Sequence[Utterance]) -> list[RoutingDecision]:
    starts = range(0, len(utterances), _BATCH)
    return [one for at in starts for one in router.route_many(utterances[at : at + _BATCH])]


def _is_split(decision: RoutingDecision) -> bool:
    return bool(decision.parts) or decision.reason == MANY_REQUESTS


def _intents_of(decision: RoutingDecision) -> list[str | None]:
    if decision.parts:
        return [part.decision.intent for part in decision.parts]
    return [OUT_OF_SCOPE if decision.out_of_scope else decision.intent]


def _fits(one: Dialogue, decision: RoutingDecision) -> bool:
    if one.kind == "negative" and (_is_split(decision) or decision.context):
        return False
    got = _intents_of(decision)
    if len(got) != len(one.expect):
        return False
    return all(
        ANY in right or intent in right for intent, right in zip(got, one.expect, strict=True)
    )


def _reading_of(one: Dialogue) -> list[str | None]:
    about_card = (one.action or "").startswith("card_")
    answer = read_answer(one.text, WaitsFor(one.waits_for or ""), about_card=about_card)
    return [answer.value if answer is not None else "none"]


def _share(rights: Sequence[bool]) -> dict[str, Any]:
    return {"n": len(rights), "right": sum(rights), "share": round(sum(rights) / len(rights), 4)}


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _parse(line: str, file: Path) -> Dialogue:
    try:
        row = json.loads(line)
        opened = row.get("open", {})
        found = Dialogue(
            id=row["id"],
            group=row["group"],
            kind=row["kind"],
            language=file.name.split(".")[0],
            text=row["text"],
            history=tuple(row.get("history", ())),
            expect=tuple(tuple(right) for right in row.get("expect", ())),
            action=opened.get("action"),
            waits_for=opened.get("waits_for"),
            reading=row.get("reading"),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as bad:
        raise DatasetError(f"{file.name}: {bad!r} in {line[:80]}") from bad
    if found.kind not in KINDS:
        raise DatasetError(f"{file.name}: kind {found.kind!r}, expected one of {', '.join(KINDS)}")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m routing.evaluate_context",
        description=__doc__,
        epilog="example: python -m routing.evaluate_context --checkpoint "
        "var/models/intent/VERSION --dialogues tests/evaluation/golden/context --single ours.csv",
    )
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--dialogues", type=Path, required=True, help="file or folder")
    parser.add_argument("--single", type=Path, help="utterances that must be left alone")
    parser.add_argument("--sample", type=int, default=1000, help="of --single, evenly spread")
    parser.add_argument("--json", type=Path, help="write the whole report here")
    chosen = parser.parse_args(arguments)
    try:
        single = _sample(chosen.single, chosen.sample) if chosen.single else []
        classifier = load_classifier(chosen.checkpoint)
        router = IntentRouter(load_taxonomy(), classifier)
        report = evaluate_context(router, load_dialogues(chosen.dialogues), single)
        classifier.close()
    except (DatasetError, ModelError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    written = json.dumps(report.as_dict(), ensure_ascii=False, indent=2)
    sys.stdout.write(written + "\n")
    if chosen.json:
        chosen.json.write_text(written + "\n", encoding="utf-8")
    return 0


def _sample(path: Path, count: int) -> list[tuple[str, str]]:
    rows = load_utterances(path)
    step = max(1, len(rows) // count)
    return [(row.text, row.language) for row in rows[::step][:count]]


if __name__ == "__main__":
    sys.exit(main())
