"""The checkpoints of this installation: which there are, which is live, what the gate says.

One object for each process; it knows files, not the database. Every act is in `service.py`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.clock import rfc3339, utc_now
from app.config import GateSettings
from models.checkpoint import Manifest, load_manifest
from models.errors import ModelError, RegistryError
from models.intent_classifier import KIND
from models.registry import LivePointer, ModelRegistry
from routing import IntentRouter, Taxonomy
from routing.dataset import load_utterances
from routing.gate import GOLDEN, GateCheck, GateReport, examine
from routing.gate_checks import Floors, default_checks
from routing.live import LiveClassifier, ServingClassifier


@dataclass(slots=True)
class ModelRoom:
    """The registry of intent models, and how a checkpoint is loaded and judged here."""

    registry: ModelRegistry
    load: Callable[[Path], ServingClassifier]
    taxonomy: Taxonomy
    gate: GateSettings
    checks: tuple[GateCheck, ...] = ()  # beside the gate's own
    live: LiveClassifier | None = field(default=None)  # None where this process serves nothing

    @property
    def golden(self) -> Path:
        return self.gate.golden or GOLDEN

    def versions(self) -> list[str]:
        """Every saved version, oldest first."""
        return self.registry.list(KIND)

    def find_pointer(self) -> LivePointer | None:
        """What is promoted; None where nothing is, or where the pointer is damaged."""
        try:
            return self.registry.find_pointer(KIND)
        except RegistryError:
            return None

    def promoted(self) -> str | None:
        """The version that ought to be live."""
        pointer = self.find_pointer()
        return pointer.version if pointer else None

    def manifest(self, version: str) -> Manifest:
        return load_manifest(self.registry.folder(KIND, version))

    def shadow(self) -> str | None:
        """The version that is compared; None where none is, or where the pointer is damaged."""
        try:
            return self.registry.find_shadow(KIND)
        except RegistryError:
            return None

    def refresh(self) -> None:
        """Let a promotion become live in this process now; others look every second."""
        if self.live is not None:
            self.live.check()

    def close(self) -> None:
        """Stop serving; what was accepted is answered first."""
        if self.live is not None:
            self.live.close()

    def examine(self, version: str) -> GateReport:
        """The gate's report on a version against the live one; stored beside the checkpoint.

        ModelError where the version itself cannot be loaded. Takes seconds.
        """
        golden = load_utterances(self.golden)
        candidate = self.load(self.registry.folder(KIND, version))
        live = self._load_live(instead_of=version)
        try:
            report = examine(
                IntentRouter(self.taxonomy, candidate),
                IntentRouter(self.taxonomy, live) if live else None,
                golden,
                (*default_checks(_floors(self.gate)), *self.checks),
                created_at=rfc3339(utc_now()),
            )
        finally:
            candidate.close()
            if live is not None:
                live.close()
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=2)
        self._report_path(version).write_text(text, encoding="utf-8")
        return report

    def find_report(self, version: str) -> GateReport | None:
        """The last report on a version; None where it was never examined."""
        try:
            return GateReport.from_dict(json.loads(self._report_path(version).read_text("utf-8")))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def _load_live(self, *, instead_of: str) -> ServingClassifier | None:
        """A copy of the live checkpoint; a broken one is no bar to its successor."""
        version = self.promoted()
        if version is None or version == instead_of:
            return None
        try:
            return self.load(self.registry.folder(KIND, version))
        except ModelError:
            return None

    def _report_path(self, version: str) -> Path:
        return self.registry.root / KIND / f"{version}.gate.json"


def _floors(gate: GateSettings) -> Floors:
    return Floors(
        accuracy=gate.min_accuracy,
        macro_f1=gate.min_macro_f1,
        ece=gate.max_ece,
        must_not_miss=gate.min_must_not_miss,
        significance=gate.significance,
    )
