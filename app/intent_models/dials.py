"""The policy's dials of this house: the checkpoint's own, where the settings say nothing else."""

from dataclasses import replace

from app.config import RoutingSettings
from routing import Thresholds

DIALS = ("accept", "reject", "margin", "out_of_scope", "must_not_miss")


def house_dials(dials: Thresholds, settings: RoutingSettings) -> Thresholds:
    chosen = {name: getattr(settings, name) for name in DIALS}
    return replace(dials, **{name: value for name, value in chosen.items() if value is not None})
