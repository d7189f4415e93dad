"""An evaluation as a table of plain text. Knows only the report's values."""

from collections.abc import Mapping

from routing.measuring import EvaluationReport, LanguageReport

_SHOWN_CONFUSIONS = 10


def summarise(report: EvaluationReport) -> str:
    """Accuracy, calibration, refusal and risk, for all rows and for each language."""
    lines = [f"{report.checkpoint} on {report.data} ({report.rows:,} rows)"]
    if report.unknown_labels:
        shown = ", ".join(report.unknown_labels[:5])
        lines.append(
            f"{len(report.unknown_labels)} labels are unknown to it, so out of scope: {shown}"
        )
    parts = [("all", report.overall)]
    if len(report.languages) > 1:
        parts += report.languages.items()
    for name, part in parts:
        lines += _part(name, part, report.promised)
    if report.leaks:
        lines.append(_leaks(report.leaks))
    if report.comparison is not None:
        other = report.comparison
        lines.append(
            f"against {other.other} (accuracy {other.accuracy:.2%}): only this right "
            f"{other.only_this_right}, only the other right {other.only_other_right}, "
            f"exact McNemar p = {other.p_value:.4g}"
        )
    lines.append("most confused:" if report.overall.confusions else "nothing confused")
    lines.extend(
        f"  {pair['count']:>3} × {pair['first']} and {pair['second']}"
        for pair in report.overall.confusions[:_SHOWN_CONFUSIONS]
    )
    return "\n".join(lines)


def _part(name: str, part: LanguageReport, promised: float | None) -> list[str]:
    rows = [f"{name}:"]
    if part.in_scope:
        rows += [
            f"  accuracy        {part.accuracy:.2%}  95 % interval "
            f"[{part.accuracy_low:.2%}, {part.accuracy_high:.2%}]  n {part.in_scope}",
            f"  macro-F1        {part.macro_f1:.4f}   top-3 {part.accuracy_top3:.2%}   "
            f"ECE {part.ece:.2%}   route accuracy {part.route_accuracy:.2%}",
            f"  policy          answered {part.policy['answered']:.1%}, asked back "
            f"{part.policy['asked']:.1%}, refused {part.policy['refused']:.1%}; "
            f"right: {part.policy['answered_right']:.2%} of the answers, "
            f"{part.policy['asked_named_right']:.2%} of the questions name the right intent",
        ]
    risk = part.risk
    promise = f"  promised at most {promised:.1%}" if promised is not None else ""
    rows.append(
        f"  wrong routes    {risk['wrong_routes']:.2%} of {risk['answered']:.0f} answered  "
        f"95 % interval [{risk['low']:.2%}, {risk['high']:.2%}]{promise}"
    )
    if part.out_of_scope:
        rows.append(_refusal("out of scope", part.out_of_scope))
    rows += [_refusal(f"  {kind}", found) for kind, found in part.out_of_scope_kinds.items()]
    return rows


def _refusal(name: str, found: Mapping[str, float]) -> str:
    return (
        f"  {name:<15} AUROC {found['auroc']:.4f}   FPR at 95 % {found['fpr_at_95']:.1%}   "
        f"refused {found['refused']:.1%}   answered {found['answered']:.1%}   n {found['rows']:.0f}"
    )


def _leaks(leaks: Mapping[str, float]) -> str:
    return (
        f"leak check: {leaks['equal']:.0f} rows equal a training text, {leaks['similar']:.0f} "
        f"equal or nearly equal one; accuracy without them {leaks['accuracy_without']:.2%} "
        f"(n {leaks['rows_without']:.0f})"
    )
