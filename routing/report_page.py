"""The training report as one HTML file: no script, no request, readable in print."""

from html import escape

from routing.evaluation_text import summarise
from routing.report_contents import ReportContents
from routing.report_html import STYLE, folded, head, row
from routing.risk_dial import DialRow

_SHOWN_SUSPECTS = 100
_SHOWN_TWINS = 50
_SECTIONS = (
    ("dial", "Risk and coverage"),
    ("test", "Measured after training"),
    ("calibration", "Calibration"),
    ("confusion", "Confusion"),
    ("intents", "Intents"),
    ("labels", "Labels to check"),
    ("data", "Data"),
    ("facts", "Facts"),
)


def render(contents: ReportContents) -> str:
    """The whole page."""
    version = escape(contents.trained.folder.name)
    writers = (_dial, _test, _calibration, _confusion, _intents, _labels, _data, _facts)
    parts = [
        (key, title, write(contents))
        for (key, title), write in zip(_SECTIONS, writers, strict=True)
    ]
    shown = [part for part in parts if part[2]]
    links = "".join(f'<a href="#{key}">{title}</a>' for key, title, _ in shown)
    body = "".join(
        f'<section id="{key}"><h2>{title}</h2>{text}</section>' for key, title, text in shown
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{version}: training report</title><style>{STYLE}</style></head><body>"
        f'<header><h1>{version}</h1><p class="soft">Training report. Unless a section says '
        "otherwise, figures come from held-out folds: each text was judged by a model that had not "
        f"seen it.</p><nav>{links}</nav>{_cards(contents)}</header>{body}</body></html>\n"
    )


def _cards(contents: ReportContents) -> str:
    trained = contents.trained
    inside = [p for p in trained.predictions if p.truth is not None]
    accuracy = sum(p.is_correct for p in inside) / len(inside) if inside else 0.0
    chosen = trained.dial.chosen
    figures = [
        (f"{accuracy:.1%}", f"held-out accuracy, n {len(inside):,}"),
        (f"{contents.ece:.1%}", "calibration error (ECE, 15 bins)"),
        (f"{chosen.coverage:.1%}", f"answered at a promise of {chosen.promised:.0%} wrong routes"),
        (
            f"{chosen.risk:.2%}",
            f"wrong routes, 95 % [{chosen.risk_low:.2%}, {chosen.risk_high:.2%}]",
        ),
        (f"{trained.data.kept:,}", f"texts, {trained.data.intents} intents"),
        (f"{len(contents.suspects)}", "labels to check"),
    ]
    cards = "".join(
        f'<div class="card"><b>{value}</b><span>{name}</span></div>' for value, name in figures
    )
    return f'<div class="cards">{cards}</div>'


def _dial(contents: ReportContents) -> str:
    dial = contents.trained.dial
    rows = "".join(
        _dial_row(found, is_chosen=found.promised == dial.promised) for found in dial.rows
    )
    heading = head(
        ("promise",), ("held-out risk", 1), ("95 % interval", 1), ("answered", 1), ("coverage", 1),
        ("out of scope answered", 1), ("accept", 1), ("margin", 1), ("out-of-scope cut", 1),
        ("proven",),
    )  # fmt: skip
    return (
        f"<p>Thresholds for a promised share of wrong routes among the answered texts, chosen on "
        f"{dial.held_out:,} held-out texts ({dial.strangers:,} out of scope; near-duplicates of "
        f"training texts left out). A proven promise holds with {dial.confidence:.0%} confidence "
        f"for texts like these (Learn then Test). Move the dial later with "
        f"<code>SWITCHBOARD_ROUTING__MAX_WRONG</code>.</p>"
        f"<table>{heading}{rows}</table>"
        f'<div class="charts">{contents.charts.risk_coverage}{contents.charts.reliability}</div>'
    )


def _dial_row(found: DialRow, *, is_chosen: bool) -> str:
    cells = [
        f"at most {found.promised:.1%}",
        f"{found.risk:.2%}",
        f"{found.risk_low:.2%} – {found.risk_high:.2%}",
        f"{found.answered:,}",
        f"{found.coverage:.1%}",
        f"{found.strangers_answered:.1%}",
        *(f"{found.thresholds[name]:.3f}" for name in ("accept", "margin", "out_of_scope")),
        "yes" if found.is_proven else '<span class="bad">no: too little data</span>',
    ]
    return row(cells, numbers=range(1, 9), kind="chosen" if is_chosen else "", is_html=True)


def _test(contents: ReportContents) -> str:
    if contents.evaluation is None:
        return ""
    return f"<pre>{escape(summarise(contents.evaluation))}</pre>"


def _calibration(contents: ReportContents) -> str:
    heading = head(("language",), ("texts", 1), ("accuracy", 1), ("mean confidence", 1), ("ECE", 1))
    rows = "".join(
        row(
            [
                c.language,
                f"{c.texts:,}",
                f"{c.accuracy:.1%}",
                f"{c.mean_confidence:.1%}",
                f"{c.ece:.1%}",
            ],
            numbers=range(1, 5),
        )
        for c in contents.calibration
    )
    return f"<table>{heading}{rows}</table>"


def _confusion(contents: ReportContents) -> str:
    heading = head(("is",), ("taken for",), ("times", 1), ("texts, most confident first",))
    rows = "".join(
        f"<tr><td>{escape(pair.truth)}</td><td>{escape(pair.guess)}</td>"
        f'<td class="n">{pair.count}</td><td>{"<br>".join(escape(t) for t in pair.texts)}</td></tr>'
        for pair in contents.pairs
    )
    if not rows:
        return "<p>No held-out text was confused.</p>"
    return f'<div class="wide">{contents.charts.heat_map}</div><table>{heading}{rows}</table>'


def _intents(contents: ReportContents) -> str:
    heading = head(("intent",), ("F1", 1), ("precision", 1), ("recall", 1), ("held-out texts", 1))
    rows = [
        row(
            [f.intent, f"{f.f1:.3f}", f"{f.precision:.3f}", f"{f.recall:.3f}", str(f.support)],
            numbers=range(1, 5),
        )
        for f in contents.intents
    ]
    return "<p>The weakest first.</p>" + folded(heading, rows, shown=15)


def _labels(contents: ReportContents) -> str:
    if not contents.suspects:
        return "<p>No label looks wrong.</p>"
    heading = head(("text",), ("label",), ("looks like",), ("probability", 1))
    rows = [
        row([s.text, s.label, s.suggested, f"{s.confidence:.0%}"], numbers=(3,))
        for s in contents.suspects[:_SHOWN_SUSPECTS]
    ]
    return (
        f"<p>{len(contents.suspects)} texts whose label the other texts speak against (confident "
        "learning, cross-validated). A person decides: some are right and merely rare.</p>"
        + folded(heading, rows, shown=20)
    )


def _data(contents: ReportContents) -> str:
    data = contents.trained.data
    parts = [f"<pre>{escape(data.summary())}</pre>"]
    if data.conflicts:
        heading = head(("text",), ("labels",), ("rows",), ("what was done",))
        rows = [
            row(
                [
                    c.text,
                    ", ".join(f"{n} × {v}" for n, v in c.labels.items()),
                    ", ".join(c.rows),
                    c.resolution,
                ]
            )
            for c in data.conflicts
        ]
        parts.append("<h3>One text, several labels</h3>" + folded(heading, rows, shown=10))
    if data.near_duplicates:
        heading = head(("text",), ("near-duplicate",), ("intents",), ("similarity", 1))
        rows = [
            row(
                [
                    d.first,
                    d.second,
                    f"{d.first_intent} / {d.second_intent}" if d.is_conflict else d.first_intent,
                    f"{d.similarity:.2f}",
                ],
                numbers=(3,),
            )
            for d in data.near_duplicates[:_SHOWN_TWINS]
        ]
        parts.append("<h3>Near-duplicates, those under different intents first</h3>")
        parts.append(folded(heading, rows, shown=10))
    for reason, shown in sorted(data.examples.items()):
        parts.append(f"<h3>Dropped: {escape(reason)}</h3><pre>{escape(chr(10).join(shown))}</pre>")
    return "".join(parts)


def _facts(contents: ReportContents) -> str:
    manifest = contents.trained.manifest
    libraries = manifest.training["libraries"]
    facts = {
        "recipe": manifest.training["recipe"],
        "seed": manifest.training["seed"],
        "data digest (SHA-256)": manifest.data_digest,
        "encoder": manifest.encoder_revision,
        "code": manifest.code_version,
        "libraries": ", ".join(f"{name} {version}" for name, version in libraries.items()),
        "seconds": manifest.training["seconds"],
    }
    return f"<table>{''.join(row([name, str(value)]) for name, value in facts.items())}</table>"
