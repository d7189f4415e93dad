"""Keep a bounded, stratified, order-free sample of a stream of utterances. Pure.

Bottom-k sampling by a keyed hash of the normalised text (Cohen & Kaplan, "Summarizing data using
bottom-k sketches", PODC 2007): a text stays while its hash lies under the present rate. Equal texts
have equal hashes, so duplicates and conflicting labels are kept or dropped together and are seen;
the order of the rows does not matter; every stratum keeps at least its `FLOOR` smallest hashes.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from routing.errors import DatasetError

FLOOR = 20  # texts of a label and language that no sampling takes away
MOST_LABELS = 2_000
_FULL = 2**64
_TRIM_TO = 0.9  # of the cap, so that trimming is rare


@dataclass(slots=True)
class KeptText:
    """One text under one label, and where it stood."""

    text: str
    label: str
    language: str
    source: str
    where: str
    priority: int
    times: int = 1


@dataclass(slots=True)
class BoundedSample:
    """At most `cap` texts of a stream of any length."""

    cap: int
    seed: int = 0
    seen: Counter[str] = field(default_factory=Counter)  # rows by label, duplicates included
    _strata: dict[tuple[str, str], dict[str, KeptText]] = field(default_factory=dict)
    _limit: int = _FULL
    _size: int = 0

    @property
    def rate(self) -> float:
        """Share of the texts beyond the floors that was kept."""
        return self._limit / _FULL

    def add(self, key: str, text: KeptText) -> None:
        """Offer a text; `key` is its normalised form. The earliest spelling of a text stays."""
        self.seen[text.label] += 1
        if len(self.seen) > MOST_LABELS:
            raise DatasetError(
                f"{text.where}: more than {MOST_LABELS:,} different labels; "
                "is the label column the right one?"
            )
        stratum = self._strata.setdefault((text.language, text.label), {})
        known = stratum.get(key)
        if known is not None:
            known.times += 1
        elif text.priority < self._limit or len(stratum) < FLOOR:
            stratum[key] = text
            self._size += 1
            if self._size > self.cap:
                self._trim()

    def priority(self, key: str) -> int:
        """The hash that decides whether a text stays: uniform below 2^64."""
        digest = hashlib.blake2b(key.encode(), digest_size=8, key=str(self.seed).encode())
        return int.from_bytes(digest.digest(), "big")

    def kept(self) -> Iterator[tuple[str, KeptText]]:
        """(normalised text, text) in a fixed order of strata."""
        for _, stratum in sorted(self._strata.items()):
            yield from stratum.items()

    def _trim(self) -> None:
        optional = sorted(
            text.priority
            for stratum in self._strata.values()
            for text in sorted(stratum.values(), key=lambda t: t.priority)[FLOOR:]
        )
        surplus = self._size - int(self.cap * _TRIM_TO)
        if len(optional) < surplus:
            raise DatasetError(
                f"{len(self._strata):,} labels and languages with {FLOOR} rows each do not fit "
                f"into {self.cap:,} rows: raise --max-rows"
            )
        self._limit = optional[len(optional) - surplus]
        for name, stratum in self._strata.items():
            ordered = sorted(stratum.items(), key=lambda item: item[1].priority)
            self._strata[name] = {
                key: text
                for place, (key, text) in enumerate(ordered)
                if place < FLOOR or text.priority < self._limit
            }
        self._size = sum(len(stratum) for stratum in self._strata.values())
