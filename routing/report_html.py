"""Pieces of the training report: its style sheet and its tables. Escapes what it is given."""

from collections.abc import Iterable, Sequence
from html import escape

STYLE = """
:root { color-scheme: light; --ink: #1c2430; --soft: #5b6675; --line: #dfe4ea; --paper: #fff;
  --tint: #f5f7fa; --accent: #1f5fa8; --bad: #b3261e; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.5rem 4rem; color: var(--ink);
  background: var(--paper); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans",
  "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; padding-top: .75rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .35rem 0; max-width: 62rem; } .soft { color: var(--soft); }
nav a { margin-right: 1rem; color: var(--accent); text-decoration: none; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem;
  margin: 1.25rem 0; }
.card { background: var(--tint); border-radius: .5rem; padding: .75rem 1rem; }
.card b { display: block; font-size: 1.45rem; font-variant-numeric: tabular-nums; }
.card span { color: var(--soft); font-size: .85rem; }
.charts { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
.charts svg, .wide svg { max-width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .5rem 0; }
th { text-align: left; color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); }
th, td { padding: .35rem .75rem .35rem 0; vertical-align: top; }
td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.chosen td { background: #eaf1f9; font-weight: 600; } .bad { color: var(--bad); }
pre { background: var(--tint); border-radius: .5rem; padding: 1rem; overflow-x: auto;
  font-size: .85rem; }
details summary { cursor: pointer; color: var(--accent); margin: .5rem 0; }
@media print { nav { display: none; } details[open] summary { display: none; } }
"""
_NUMBER = ' class="n"'


def head(*columns: tuple[str, int] | tuple[str]) -> str:
    """`("name", 1)` is a column of numbers."""
    cells = (
        f"<th{_NUMBER}>{column[0]}</th>" if len(column) > 1 else f"<th>{column[0]}</th>"
        for column in columns
    )
    return f"<tr>{''.join(cells)}</tr>"


def row(
    cells: Sequence[str], *, numbers: Iterable[int] = (), kind: str = "", is_html: bool = False
) -> str:
    right = set(numbers)
    shown = "".join(
        f"<td{_NUMBER if place in right else ''}>{cell if is_html else escape(cell)}</td>"
        for place, cell in enumerate(cells)
    )
    return f'<tr class="{kind}">{shown}</tr>' if kind else f"<tr>{shown}</tr>"


def folded(heading: str, rows: Sequence[str], *, shown: int) -> str:
    """A table whose later rows wait behind a click."""
    table = f"<table>{heading}{''.join(rows[:shown])}</table>"
    if len(rows) <= shown:
        return table
    rest = "".join(rows[shown:])
    more = f"<summary>{len(rows) - shown} more</summary>"
    return f"{table}<details>{more}<table>{heading}{rest}</table></details>"
