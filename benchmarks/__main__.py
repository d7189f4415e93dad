"""`python -m benchmarks NAME`: run one benchmark, print a table, write JSON where asked."""

import argparse
import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import (
    filtering,
    grouping,
    index_scale,
    ingest,
    message_path,
    retrieval,
    risk_dial,
    route_throughput,
    routing_decision,
)
from benchmarks.runner import Place, this_place, write_json

Benchmark = Callable[[], Mapping[str, Any]]
SUMMARIES = {
    "path": "one message, stage by stage, on SQLite and PostgreSQL",
    "filtering": "the content filter, per text of 400 characters",
    "risk_dial": "promised against realised wrong routes, over random splits of --data",
    "grouping": "how well missing intents are found in what no intent fits",
    "index_scale": "search, memory and changes of an index of --chunks chunks",
    "retrieval": "recall on Ask CFPB (--data) against Haystack's hybrid pipeline, same vectors",
    "ingest": "documents of 2 KB read, stored and indexed, with the real article encoder",
    "routing": "one decision in process, part by part, and the encoder's runtimes",
    "route_throughput": "requests/s of /v1/route against semantic-router, same encoder",
}


def main() -> None:
    """Measure, show, keep."""
    arguments = _arguments()
    benchmarks: dict[str, Benchmark] = {
        "path": partial(message_path.main, arguments.messages, arguments.database),
        "filtering": filtering.main,
        "risk_dial": partial(
            risk_dial.main, arguments.data, arguments.splits, arguments.fresh_share
        ),
        "grouping": grouping.main,
        "index_scale": partial(index_scale.main, arguments.chunks),
        "retrieval": partial(
            retrieval.main,
            Path(arguments.data) if arguments.data else None,
            plot=arguments.json and arguments.json.with_suffix(".png"),
        ),
        "ingest": partial(ingest.main, arguments.documents),
        "routing": routing_decision.main,
        "route_throughput": partial(
            route_throughput.main,
            arguments.rounds,
            arguments.seconds,
            plot=arguments.json and arguments.json.with_suffix(".png"),
        ),
    }
    place = this_place()
    figures = benchmarks[arguments.name]()
    _show(arguments.name, place, figures)
    if arguments.json is not None:  # a plot, where there is one, lies beside it
        write_json(arguments.json, arguments.name, place, figures)


def _arguments() -> argparse.Namespace:
    names = "\n".join(f"  {name:<16} {summary}" for name, summary in SUMMARIES.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=f"Measure on this machine.\n\nBenchmarks:\n{names}",
        epilog="Example: python -m benchmarks path --json path.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=SUMMARIES)
    parser.add_argument("--json", type=Path, help="file for the figures")
    parser.add_argument(
        "--messages", type=int, default=message_path.MESSAGES, help="of `path`; default %(default)s"
    )
    parser.add_argument(
        "--database", help="PostgreSQL address for `path`; default TEST_DATABASE_URL"
    )
    parser.add_argument("--data", help="labelled texts for `risk_dial`; questions for `retrieval`")
    parser.add_argument(
        "--documents", type=int, default=ingest.DOCUMENTS, help="of `ingest`; default %(default)s"
    )
    parser.add_argument(
        "--splits", type=int, default=risk_dial.SPLITS, help="of `risk_dial`; default %(default)s"
    )
    parser.add_argument(
        "--fresh-share",
        type=float,
        default=risk_dial.FRESH_SHARE,
        help="of the texts that `risk_dial` measures on; default %(default)s",
    )
    parser.add_argument(
        "--rounds",
        type=int,
        default=route_throughput.ROUNDS,
        help="of each service in `route_throughput`; default %(default)s",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=route_throughput.SECONDS,
        help="of a round of `route_throughput`; default %(default)s",
    )
    parser.add_argument(
        "--chunks",
        type=int,
        default=index_scale.CHUNKS,
        help="of `index_scale`; default %(default)s",
    )
    return parser.parse_args()


def _show(name: str, place: Place, figures: Mapping[str, Any]) -> None:
    title = f"{name}: {place.processor}, {place.cores} cores, load {place.load_before} before"
    table = Table("figure", "value", title=title)
    for figure, value in figures.items():
        shown = value
        if isinstance(value, Mapping):
            shown = "  ".join(f"{key} {number}" for key, number in value.items())
        table.add_row(figure, str(shown))
    console = Console()
    console.print(table)
    if place.is_busy:
        console.print("Other processes were running: trust ratios, not milliseconds.")


if __name__ == "__main__":
    logging.disable(logging.INFO)
    main()
