"""What the tuning of an encoder may be told. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contrastive:
    """For 5 to 30 examples an intent."""

    steps: int = 200
    intents: int = 32  # in a batch
    examples: int = 2  # of each
    temperature: float = 0.05
    learning_rate: float = 5e-5


@dataclass(frozen=True, slots=True)
class ByClass:
    """For 50 and more examples an intent."""

    epochs: int = 4
    batch: int = 32
    learning_rate: float = 1e-4
    head_learning_rate: float = 1e-3
    smoothing: float = 0.05
    stages: tuple[float, ...] = (0.05, 0.15)  # shares of the steps: head alone; upper half as well
    lora_rank: int = 0  # 0: all weights; else adapters of this rank on the attention
