"""Load labelled utterances from a file, a folder, a Hugging Face set or a list. Knows no model.

Formats are read in `rows.py`, rows are checked in `data_checks.py`, splits are in `splitting.py`.
Labels `oos` and `out_of_scope` mean that no intent applies.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from routing.data_checks import CheckedData, CheckRules, check_rows, check_utterances
from routing.data_report import DataReport
from routing.errors import DatasetError
from routing.language import detect
from routing.rows import STRANGER, read_rows
from routing.splitting import find_leaks, split_holdout
from routing.utterances import (
    LONGEST_TEXT,
    OUT_OF_SCOPE_LABELS,
    LabelledUtterance,
    data_digest,
    deduplicate,
    normalise,
)

OWN_DATA = Path(__file__).with_name("data")
# a file, a folder, `hf:NAME`, or what the label store holds; None is our own bilingual data
DataSource = Path | str | Sequence[LabelledUtterance] | None

__all__ = [
    "LONGEST_TEXT",
    "OWN_DATA",
    "CheckRules",
    "CheckedData",
    "DataReport",
    "DataSource",
    "LabelledUtterance",
    "data_digest",
    "deduplicate",
    "find_leaks",
    "load_utterances",
    "normalise",
    "read_dataset",
    "read_test_rows",
    "split_holdout",
]


def read_dataset(
    data: DataSource = None,
    *,
    rules: CheckRules | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> CheckedData:
    """Utterances to learn from, and the report on what was read."""
    if isinstance(data, Sequence) and not isinstance(data, str):
        return check_utterances(data, name="label store", rules=rules)
    source = data or OWN_DATA
    rows = read_rows(source)
    return check_rows(rows, name=source_name(source), rules=rules, on_progress=on_progress)


def load_utterances(path: Path | None = None) -> list[LabelledUtterance]:
    """The utterances alone. Duplicates are dropped."""
    return read_dataset(path).utterances


def read_test_rows(data: Path | str | None = None) -> list[LabelledUtterance]:
    """Every row to measure on, as it stands: a repeated text counts as often as it occurs."""
    source = data or OWN_DATA
    found: list[LabelledUtterance] = []
    for row in read_rows(source, part="test"):
        text, label = row.text.strip(), row.label.strip()
        if not text or not label:
            raise DatasetError(f"{row.where}: the {'label' if text else 'text'} is empty")
        if len(text) > LONGEST_TEXT:
            raise DatasetError(
                f"{row.where}: the text has {len(text)} characters, at most {LONGEST_TEXT}"
            )
        is_stranger = label == STRANGER or label.casefold() in OUT_OF_SCOPE_LABELS
        intent = None if is_stranger else label
        found.append(
            LabelledUtterance(text, intent, detect(text, row.language), row.source or row.where)
        )
    if not found:
        raise DatasetError(f"{source_name(source)}: no utterances")
    return found


def source_name(source: Path | str) -> str:
    """For people: the last part of a path, or `hf:NAME`."""
    return source if isinstance(source, str) and source.startswith("hf:") else Path(source).name
