"""From rows to utterances that can be trained on: check, drop with a reason, refuse what is broken.

Every rule is stated in `docs/explanation/training.md`. Knows no model and no file format.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from routing.data_report import Conflict, DataReport
from routing.errors import DatasetError
from routing.language import detect
from routing.rows import STRANGER, Row
from routing.sampling import BoundedSample, KeptText
from routing.utterances import LONGEST_TEXT, OUT_OF_SCOPE_LABELS, LabelledUtterance, normalise

ConflictRule = Literal["auto", "majority", "drop", "error"]
MAX_ROWS = 200_000
MOST_UNUSABLE = 0.05  # share of rows without text or label that may be dropped
MOST_CONFLICTING = 0.02  # share of texts under several labels that "auto" resolves by majority
FEW_EXAMPLES = 5
_SAID_EVERY = 200_000  # rows
_SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True)
class CheckRules:
    """How strict reading is."""

    conflicts: ConflictRule = "auto"
    max_rows: int = MAX_ROWS
    seed: int = 0


@dataclass(frozen=True, slots=True)
class CheckedData:
    """What may be trained on, and the report on what was read."""

    utterances: list[LabelledUtterance]
    report: DataReport


def check_rows(
    rows: Iterable[Row],
    *,
    name: str,
    rules: CheckRules | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> CheckedData:
    """Read a stream once, in bounded memory; DatasetError where nothing good can come of it."""
    rules = rules or CheckRules()
    report = DataReport(name)
    sample = BoundedSample(rules.max_rows, rules.seed)
    first_problem = ""
    for row in rows:
        report.rows += 1
        if on_progress is not None and report.rows % _SAID_EVERY == 0:
            on_progress(f"read {report.rows:,} rows")
        problem = _problem(row)
        if problem is None:
            _offer(sample, row)
        else:
            first_problem = first_problem or f"{row.where}: {problem[1]}"
            report.drop(problem[0], row.where, row.text)
    _refuse_unusable(report, first_problem)
    utterances = _resolve(sample, report, rules.conflicts)
    _describe(utterances, sample, report)
    return CheckedData(utterances, report)


def check_utterances(
    utterances: Iterable[LabelledUtterance], *, name: str, rules: CheckRules | None = None
) -> CheckedData:
    """The same for utterances that are in memory: the label store's, for example."""
    rows = (
        Row(u.text, u.intent or STRANGER, f"{name}, row {n}", u.language, u.source)
        for n, u in enumerate(utterances, start=1)
    )
    return check_rows(rows, name=name, rules=rules)


def _problem(row: Row) -> tuple[str, str] | None:
    """(reason, sentence) of a row that nothing can be learnt from."""
    text = row.text.strip()
    if not text:
        return "empty text", "the text is empty"
    if len(text) > LONGEST_TEXT:
        return "text too long", f"the text has {len(text)} characters, at most {LONGEST_TEXT}"
    if not row.label.strip():
        return "missing label", "the label is empty"
    return None


def _offer(sample: BoundedSample, row: Row) -> None:
    text, label = row.text.strip(), row.label.strip()
    label = STRANGER if label.casefold() in OUT_OF_SCOPE_LABELS else label
    key = normalise(text)
    language = detect(text, row.language)
    kept = KeptText(text, label, language, row.source, row.where, sample.priority(key))
    sample.add(key, kept)


def _refuse_unusable(report: DataReport, first_problem: str) -> None:
    unusable = report.dropped.total()
    if unusable and unusable > MOST_UNUSABLE * report.rows:
        raise DatasetError(
            f"{first_problem} ({unusable:,} of {report.rows:,} rows have no usable text or label; "
            f"more than {MOST_UNUSABLE:.0%} is refused)"
        )


def _resolve(
    sample: BoundedSample, report: DataReport, rule: ConflictRule
) -> list[LabelledUtterance]:
    by_text: dict[str, list[KeptText]] = defaultdict(list)
    for key, text in sample.kept():
        by_text[key].append(text)
        report.dropped["duplicate"] += text.times - 1
    disputed = {key: texts for key, texts in by_text.items() if len(texts) > 1}
    if disputed:
        _refuse_conflicts(disputed, len(by_text), report.source, rule)
    chosen: list[LabelledUtterance] = []
    for key, texts in by_text.items():
        winner = texts[0] if key not in disputed else _settle(texts, report, rule)
        if winner is not None:
            intent = None if winner.label == STRANGER else winner.label
            chosen.append(LabelledUtterance(winner.text, intent, winner.language, winner.source))
    report.dropped = Counter({why: count for why, count in report.dropped.items() if count})
    return chosen


def _refuse_conflicts(
    disputed: dict[str, list[KeptText]], texts: int, name: str, rule: ConflictRule
) -> None:
    share = len(disputed) / texts
    if rule != "error" and (rule != "auto" or share <= MOST_CONFLICTING):
        return
    listed = "; ".join(
        f"{same[0].text[:60]!r} is " + " and ".join(f"{t.label} ({t.where})" for t in same)
        for same in list(disputed.values())[:_SHOWN_ROWS]
    )
    raise DatasetError(
        f"{name}: {len(disputed)} texts stand under different labels ({share:.1%} of the texts): "
        f"{listed}; correct them, or choose --conflicts majority or --conflicts drop"
    )


def _settle(texts: list[KeptText], report: DataReport, rule: ConflictRule) -> KeptText | None:
    """The label that most rows give; none on a tie, because neither can be trusted."""
    ordered = sorted(texts, key=lambda text: -text.times)
    is_clear = ordered[0].times > ordered[1].times and rule != "drop"
    winner = ordered[0] if is_clear else None
    labels = {text.label: text.times for text in texts}
    rows = [text.where for text in texts]
    resolution = f"kept as {winner.label}" if winner else "dropped"
    report.conflict(Conflict(texts[0].text, labels, rows, resolution))
    report.dropped["conflicting label"] += sum(text is not winner for text in texts)
    return winner


def _describe(
    utterances: list[LabelledUtterance], sample: BoundedSample, report: DataReport
) -> None:
    if not utterances:
        raise DatasetError(f"{report.source}: no utterances")
    counts = Counter(u.intent for u in utterances if u.intent is not None)
    report.kept = len(utterances)
    report.intents = len(counts)
    report.out_of_scope = sum(u.intent is None for u in utterances)
    report.languages = dict(sorted(Counter(u.language for u in utterances).items()))
    report.smallest = dict(sorted(counts.items(), key=lambda item: (item[1], item[0]))[:10])
    report.sampled_share = sample.rate
    few = [name for name, count in counts.items() if count < FEW_EXAMPLES]
    if few:
        report.warnings.append(
            f"{len(few)} intents have fewer than {FEW_EXAMPLES} texts, {min(few)!r} for example"
        )
    if sample.rate < 1:
        report.warnings.append(
            f"sampled: {sample.rate:.2%} of the texts, stratified by label, to stay under the cap"
        )
    if not report.out_of_scope:
        report.warnings.append("no out-of-scope texts: strangers are judged without examples")


def refuse_unlearnable(utterances: Iterable[LabelledUtterance], name: str) -> None:
    """At least two intents, and one of them more than once."""
    counts = Counter(u.intent for u in utterances if u.intent is not None)
    if len(counts) < 2:
        found = next(iter(counts), "none but out of scope")
        raise DatasetError(f"{name}: only one label ({found}); a router needs at least two")
    if max(counts.values()) == 1:
        raise DatasetError(
            f"{name}: every label has one text: nothing can be held out; "
            f"at least 2 of each are needed, {FEW_EXAMPLES} to 20 are sensible"
        )
