"""A report as the model card's block, and as the files beside a checkpoint. Knows no model."""

import json
from collections.abc import Iterator
from pathlib import Path

from routing.fairness.gate import FairnessCheck
from routing.fairness.report import Counts, FairnessReport, FamilyLine, Line
from routing.fairness.statistics import Rate

JSON_NAME, MARKDOWN_NAME = "fairness.json", "fairness.md"


def save(check: FairnessCheck, folder: Path) -> Path:
    """Write both files into a checkpoint's folder; the manifest does not cover them."""
    path = folder / JSON_NAME
    document = check.report.as_dict() | {
        "passed": check.passed,
        "detail": check.detail,
        "figures": check.figures,
    }
    _replace(path, json.dumps(document, ensure_ascii=False, indent=2))
    _replace(folder / MARKDOWN_NAME, render(check))
    return path


def render(check: FairnessCheck) -> str:
    """Markdown: verdict, the seeds as they are, families, every line, the worst flips."""
    return "\n".join(_sections(check)) + "\n"


def shown(rate: Rate) -> str:
    """A rate with its interval and n; 3/n where nothing was seen."""
    if rate.n == 0:
        return "– (n = 0)"
    if rate.zero_bound is not None:
        return f"0 of {rate.n} (3/n: at most {rate.zero_bound:.1%})"
    return f"{rate.share:.1%} ({rate.low:.1%}–{rate.high:.1%}), {rate.count} of {rate.n}"


def _sections(check: FairnessCheck) -> Iterator[str]:
    report = check.report
    yield "## Fairness"
    yield ""
    yield f"{'Passed' if check.passed else 'Failed'}: {check.detail}."
    yield ""
    before = "content filter and router" if report.has_filter else "router alone"
    yield (
        f"{report.pairs} pairs of {sum(report.seeds.values())} seeds, {before}, model "
        f"`{report.model_version}`, random seed {report.random_seed}. A flip is a change of the "
        "route between two texts that say the same. Intervals are 95 % (Wilson); those of "
        "families allow for pairs that share a seed."
    )
    yield ""
    yield from _base(report)
    yield from _families(report)
    yield from _lines(report)
    yield from _worst(report)


def _base(report: FairnessReport) -> Iterator[str]:
    for language, counts in report.base.items():
        n = _total(counts)
        yield (
            f"- Unchanged seeds, {language}: {counts.right} of {n} right, {counts.asked} asked "
            f"back, {counts.wrong} wrong."
        )
    yield ""


def _families(report: FairnessReport) -> Iterator[str]:
    yield "| family | language | pairs | route flips | any flip | right, change |"
    yield "| --- | --- | ---: | --- | --- | ---: |"
    yield from (_family_row(family) for family in report.families)
    yield ""


def _family_row(family: FamilyLine) -> str:
    flips = family.flips
    return (
        f"| {family.family} | {family.language} | {family.pairs} | {shown(flips['route'])} | "
        f"{shown(flips['any'])} | {100 * family.difference:+.1f} points |"
    )


def _lines(report: FairnessReport) -> Iterator[str]:
    yield "| perturbation | language | n | route flips | worse / better | p (Holm) | equivalent |"
    yield "| --- | --- | ---: | --- | ---: | ---: | --- |"
    yield from (_line_row(line, report.margin) for line in report.lines)
    yield ""


def _line_row(line: Line, margin: float) -> str:
    equal = f"within {100 * margin:.0f} points" if line.is_equivalent else "not shown"
    return (
        f"| {line.perturbation} | {line.language} | {line.n} | {shown(line.flips['route'])} | "
        f"{line.harmed} / {line.helped} | {line.p_harm_holm:.3f} | {equal} |"
    )


def _worst(report: FairnessReport) -> Iterator[str]:
    if not report.worst:
        return
    yield "The gravest flips:"
    yield ""
    for flip in report.worst:
        yield f"- {flip.perturbation}, {flip.language}: “{flip.before}” → “{flip.after}”: "
        yield f"  {flip.was} → {flip.became}"


def _total(counts: Counts) -> int:
    return counts.right + counts.asked + counts.wrong


def _replace(path: Path, text: str) -> None:
    """At once or not at all: a reader never sees half a file."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
