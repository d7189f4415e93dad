"""Low-rank changes of the attention matrices: added, learnt, merged. Knows no data and no labels.

Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021, through torch's own
parametrisations: a merged encoder is an ordinary one.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.utils import parametrize


class _LowRank(torch.nn.Module):
    """W + B A with W frozen: Hu et al., "LoRA", 2021. B starts at zero, so nothing changes yet."""

    def __init__(self, rows: int, columns: int, rank: int) -> None:
        super().__init__()
        self.down = torch.nn.Parameter(torch.randn(rank, columns) / rank)  # A: (rank, in)
        self.up = torch.nn.Parameter(torch.zeros(rows, rank))  # B: (out, rank)

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight + 2.0 * self.up @ self.down


def add_adapters(layers: Sequence[Any], rank: int) -> None:
    """Freeze the blocks; only changes of rank `rank` of query, key and value are learnt."""
    for layer in layers:
        layer.requires_grad_(requires_grad=False)
        for matrix in _attention(layer):
            parametrize.register_parametrization(
                matrix, "weight", _LowRank(matrix.out_features, matrix.in_features, rank)
            )


def merge_adapters(layers: Sequence[Any]) -> None:
    """Write what was learnt into the matrices themselves."""
    for layer in layers:
        for matrix in _attention(layer):
            parametrize.remove_parametrizations(matrix, "weight", leave_parametrized=True)


def _attention(layer: Any) -> list[torch.nn.Linear]:  # noqa: ANN401 -- transformers ships no types
    own = layer.attention.self
    return [own.query, own.key, own.value]
