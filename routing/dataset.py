"""Labelled utterances: load, deduplicate, split, check for leaks. Knows no model.

Read are JSON Lines (`text`, `intent`) and CSV (`text` and `label`, `category` or `intent`), and
folders of `utterances.*.jsonl` with `out_of_scope.*.jsonl`. Labels `oos` and `out_of_scope` mean
that no intent applies.
"""

import csv
import hashlib
import json
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from routing.errors import DatasetError
from routing.language import detect

OWN_DATA = Path(__file__).with_name("data")
OUT_OF_SCOPE_LABELS = frozenset({"oos", "out_of_scope"})
LABEL_COLUMNS = ("intent", "label", "category")
LONGEST_TEXT = 2000
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class LabelledUtterance:
    """A customer's words and what they want; `intent` is None where none of ours applies."""

    text: str
    intent: str | None
    language: str

    @property
    def normalised(self) -> str:
        return normalise(self.text)


def normalise(text: str) -> str:
    """Equal for texts that differ only in case, width, punctuation and spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORDS.sub(" ", folded).strip() or folded.strip()


def load_utterances(path: Path | None = None) -> list[LabelledUtterance]:
    """Read a file or a folder; without a path our own bilingual data. Duplicates are dropped."""
    source = path or OWN_DATA
    found = deduplicate(_read(source))
    if not found:
        raise DatasetError(f"{source.name}: no utterances")
    return found


def deduplicate(utterances: Iterable[LabelledUtterance]) -> list[LabelledUtterance]:
    """Keep the first of several equal texts; two labels for one text cannot both be right."""
    first: dict[str, LabelledUtterance] = {}
    for utterance in utterances:
        first.setdefault(utterance.normalised, utterance)
    return list(first.values())


def split_holdout(
    utterances: Sequence[LabelledUtterance], *, share: float, seed: int
) -> tuple[list[LabelledUtterance], list[LabelledUtterance]]:
    """(training, held out), stratified by language and intent; every intent keeps one to learn."""
    if not 0 < share < 1:
        raise DatasetError(f"the held-out share must lie between 0 and 1, not {share}")
    strata: dict[tuple[str, str], list[LabelledUtterance]] = defaultdict(list)
    for utterance in sorted(utterances, key=_order):
        strata[utterance.language, utterance.intent or ""].append(utterance)
    generator = random.Random(seed)  # noqa: S311 -- a split, not a secret
    training: list[LabelledUtterance] = []
    held_out: list[LabelledUtterance] = []
    for members in strata.values():
        generator.shuffle(members)
        count = min(round(len(members) * share), len(members) - 1)
        held_out += members[:count]
        training += members[count:]
    return training, held_out


def find_leaks(
    training: Iterable[LabelledUtterance], held_out: Iterable[LabelledUtterance]
) -> list[str]:
    """Held-out texts that also occur in training; must be empty before anything is measured."""
    known = {utterance.normalised for utterance in training}
    return [utterance.text for utterance in held_out if utterance.normalised in known]


def data_digest(utterances: Iterable[LabelledUtterance]) -> str:
    """SHA-256 over the rows; the order in the file does not matter."""
    rows = sorted([u.text, u.intent or "", u.language] for u in utterances)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _order(utterance: LabelledUtterance) -> tuple[str, str, str]:
    return utterance.language, utterance.intent or "", utterance.text


def _read(source: Path) -> Iterator[LabelledUtterance]:
    if source.is_dir():
        for path in sorted(source.glob("*.jsonl")):
            yield from _read_json_lines(path)
    elif not source.is_file():
        raise DatasetError(f"{source}: no such file or folder")
    elif source.suffix.lower() == ".jsonl":
        yield from _read_json_lines(source)
    else:
        yield from _read_csv(source)


def _read_json_lines(path: Path) -> Iterator[LabelledUtterance]:
    locale = _locale_of(path)
    is_stranger_file = path.name.startswith("out_of_scope")
    for number, line in enumerate(_text_of(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as broken:
            raise DatasetError(f"{path.name}, line {number}: not JSON ({broken})") from broken
        if not isinstance(row, dict):
            raise DatasetError(f"{path.name}, line {number}: expected an object")
        if is_stranger_file or row.get("intent", "") is None:
            row["intent"] = row.get("intent") or "out_of_scope"
        yield _utterance(row, locale, where=f"{path.name}, line {number}")


def _read_csv(path: Path) -> Iterator[LabelledUtterance]:
    reader = csv.DictReader(_text_of(path).splitlines(keepends=True))
    columns = reader.fieldnames or ()
    if "text" not in columns or not set(LABEL_COLUMNS) & set(columns):
        raise DatasetError(
            f"{path.name}, line 1: expected columns 'text' and one of {', '.join(LABEL_COLUMNS)}"
        )
    for row in reader:
        yield _utterance(row, _locale_of(path), where=f"{path.name}, line {reader.line_num}")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as broken:
        raise DatasetError(f"{path.name}: not UTF-8 (byte {broken.start})") from broken


def _utterance(row: dict[str, Any], locale: str | None, *, where: str) -> LabelledUtterance:
    text = str(row.get("text") or "").strip()
    label = next((str(row[c]).strip() for c in LABEL_COLUMNS if row.get(c)), "")
    if not text:
        raise DatasetError(f"{where}: the text is empty")
    if len(text) > LONGEST_TEXT:
        raise DatasetError(f"{where}: the text has {len(text)} characters, at most {LONGEST_TEXT}")
    if not label:
        raise DatasetError(f"{where}: the label is empty")
    intent = None if label in OUT_OF_SCOPE_LABELS else label
    return LabelledUtterance(text, intent, detect(text, str(row.get("language") or locale or "")))


def _locale_of(path: Path) -> str | None:
    suffixes = path.suffixes
    return suffixes[-2].lstrip(".") if len(suffixes) > 1 else None
