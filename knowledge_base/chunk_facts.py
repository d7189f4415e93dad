"""The facts that decide which chunks a reader is shown: language, audience, time. Knows no text.

They lie in arrays, so that all chunks are judged at once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import IndexDamaged
from knowledge_base.types import Audience, Chunk

FACTS_NAME = "facts.npz"
LOCALES = ("en", "zh")
Mask = NDArray[np.bool_]
_AUDIENCES = tuple(Audience)
_ALWAYS = float("inf")


@dataclass(frozen=True, slots=True)
class ChunkFacts:
    """Row i of every array belongs to chunk number i."""

    locales: NDArray[np.uint8]  # position in LOCALES
    audiences: NDArray[np.uint8]  # position in Audience
    starts: NDArray[np.float64]  # seconds since the epoch, -inf for always
    ends: NDArray[np.float64]  # the first second in which it is no longer shown, inf for never
    documents: NDArray[np.int32]  # row of its document
    has_vector: Mask

    def __len__(self) -> int:
        return len(self.locales)

    @classmethod
    def of(cls, chunks: Sequence[Chunk], documents: Sequence[int], has_vector: Mask) -> Self:
        """Facts of chunks; `documents` says for each which document it was cut from."""
        return cls(
            locales=np.array([LOCALES.index(chunk.locale) for chunk in chunks], dtype=np.uint8),
            audiences=np.array(
                [_AUDIENCES.index(chunk.audience) for chunk in chunks], dtype=np.uint8
            ),
            starts=np.array([_seconds(c.effective_from, -_ALWAYS) for c in chunks], dtype=float),
            ends=np.array([_seconds(c.expires_at, _ALWAYS) for c in chunks], dtype=float),
            documents=np.array(documents, dtype=np.int32),
            has_vector=has_vector,
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The facts of several segments, one after the other; documents keep their own rows."""
        names = [field.name for field in fields(cls)]
        return cls(
            **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        )

    def shown_to(self, locale: str | None, audiences: Collection[Audience], moment: float) -> Mask:
        """Which chunks these readers are shown at this second."""
        allowed = np.zeros(len(_AUDIENCES), dtype=np.bool_)
        allowed[[_AUDIENCES.index(audience) for audience in audiences]] = True
        shown = allowed[self.audiences] & (self.starts <= moment) & (moment < self.ends)
        if locale is not None:
            shown &= self.locales == (LOCALES.index(locale) if locale in LOCALES else -1)
        return shown

    def save(self, folder: Path) -> None:
        """One file of arrays, without pickle."""
        arrays: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        np.savez(folder / FACTS_NAME, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        try:
            with np.load(folder / FACTS_NAME, allow_pickle=False) as arrays:
                return cls(**{item.name: arrays[item.name] for item in fields(cls)})
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamaged("the facts of the chunks cannot be read") from error


def _seconds(moment: datetime | None, otherwise: float) -> float:
    return otherwise if moment is None else moment.timestamp()
