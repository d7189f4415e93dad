"""Load and validate the bank's taxonomy. Knows nothing about models."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from routing.errors import TaxonomyError
from routing.types import Intent, Level, Priority, Route

DEFAULT_TAXONOMY = Path(__file__).with_name("intents.yaml")
LANGUAGES = ("en", "zh")


class Taxonomy:
    """The intents by name, in file order."""

    def __init__(self, intents: Mapping[str, Intent]) -> None:
        self._intents = dict(intents)
        self.must_not_miss = frozenset(
            intent.name for intent in intents.values() if intent.must_not_miss
        )

    def __iter__(self) -> Iterator[Intent]:
        return iter(self._intents.values())

    def __len__(self) -> int:
        return len(self._intents)

    def __contains__(self, name: object) -> bool:
        return name in self._intents

    def find(self, name: str) -> Intent | None:
        return self._intents.get(name)

    def get(self, name: str) -> Intent:
        """The intent; KeyError where a checkpoint and the taxonomy do not belong together."""
        return self._intents[name]

    def queues(self) -> frozenset[str]:
        """Every queue that some intent leads to."""
        return frozenset(intent.queue for intent in self)

    def names(self) -> tuple[str, ...]:
        return tuple(self._intents)


def load_taxonomy(path: Path = DEFAULT_TAXONOMY) -> Taxonomy:
    """Read a taxonomy file; TaxonomyError names the first intent and field that is wrong."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or not isinstance(raw.get("intents"), list):
        raise TaxonomyError(f"{path.name}: expected a mapping with a list 'intents'")
    intents: dict[str, Intent] = {}
    for entry in raw["intents"]:
        intent = _parse_intent(entry)
        if intent.name in intents:
            raise TaxonomyError(f"intent {intent.name!r} appears twice")
        intents[intent.name] = intent
    return Taxonomy(intents)


def _parse_intent(entry: dict[str, Any]) -> Intent:
    name = entry.get("name", "?")
    try:
        label = {language: str(entry["label"][language]) for language in LANGUAGES}
        return Intent(
            name=str(entry["name"]),
            definition=str(entry["definition"]),
            route=Route(entry["route"]),
            level=Level(entry["level"]),
            queue=str(entry["queue"]),
            priority=Priority(entry["priority"]),
            label=label,
            must_not_miss=entry.get("must_not_miss", False) is True,
        )
    except KeyError as missing:
        raise TaxonomyError(f"intent {name!r} has no {missing}") from missing
    except ValueError as bad:
        raise TaxonomyError(f"intent {name!r}: {bad}") from bad
