"""From manifests, pointers and reports to the bodies that doors and commands show."""

from typing import Literal

from app.intent_models.room import ModelRoom
from app.intent_models.schemas import (
    GateRead,
    ModelList,
    ModelRead,
    ModelSummary,
    PromotionRead,
)
from app.intent_models.service import Promotion
from models.errors import CheckpointError
from routing.gate import GateReport

State = Literal["live", "shadow", "saved"]


def list_body(room: ModelRoom) -> ModelList:
    """Every version that has a readable manifest, the newest first."""
    pointer = room.find_pointer()
    items: list[ModelSummary] = []
    for version in reversed(room.versions()):
        try:
            items.append(_summary(room, version))
        except CheckpointError:  # of an older format: it cannot be used, so it is not offered
            continue
    return ModelList(
        items=items,
        live=pointer.version if pointer else None,
        promoted_at=pointer.promoted_at if pointer else None,
        serving=room.live.version if room.live else "",
        shadow=room.shadow(),
        can_roll_back_to=pointer.previous[-1] if pointer and pointer.previous else None,
    )


def model_body(room: ModelRoom, version: str) -> ModelRead:
    facts = room.manifest(version)
    report = room.find_report(version)
    return ModelRead(
        **_summary(room, version).model_dump(),
        labels={language: list(labels) for language, labels in facts.labels.items()},
        encoder_revision=facts.encoder_revision,
        data_digest=facts.data_digest,
        code_version=facts.code_version,
        metrics=dict(facts.metrics),
        thresholds=dict(facts.thresholds),
        files=dict(facts.files),
        gate=gate_body(report),
    )


def gate_body(report: GateReport | None) -> GateRead | None:
    return None if report is None else GateRead.model_validate(report)


def promotion_body(promotion: Promotion) -> PromotionRead:
    return PromotionRead(
        version=promotion.version,
        previous=promotion.previous,
        forced=promotion.forced,
        gate=gate_body(promotion.report),
    )


def _summary(room: ModelRoom, version: str) -> ModelSummary:
    facts = room.manifest(version)
    report = room.find_report(version)
    return ModelSummary(
        version=version,
        state=_state(room, version),
        created_at=facts.created_at,
        languages=list(facts.languages),
        intents=len({label for labels in facts.labels.values() for label in labels}),
        gate_passed=report.passed if report else None,
    )


def _state(room: ModelRoom, version: str) -> State:
    pointer = room.find_pointer()
    if pointer is not None and pointer.version == version:
        return "live"
    return "shadow" if room.shadow() == version else "saved"
