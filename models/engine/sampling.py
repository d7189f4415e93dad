"""Seeded sampling that does not depend on the batch: noise from (seed, position), then argmax.

Adding Gumbel noise to logits / temperature and taking the largest equals sampling from the softmax.
The noise is a hash, so the same request gives the same text alone, batched, or on another worker.
"""

import math

import torch

_MASK = 0x7FFFFFFF
_GOLDEN = 0x9E3779B9  # 2**32 / golden ratio: spreads neighbouring seeds
_MIX_1 = 0x7FEB352D  # constants of the "lowbias32" hash by C. Wellons
_MIX_2 = 0x846CA68B
_WORD = 0xFFFFFFFF


def noise_key(*, seed: int, position: int, temperature: float) -> int:
    """The 31-bit key of one draw; 0 means greedy, no noise."""
    if temperature <= 0:
        return 0
    mixed = (seed * 0x5851F42D4C957F2D + position * _GOLDEN + 0x14057B7EF767814F) >> 7
    return _scramble(mixed & _WORD) & _MASK or 1


def perturb(logits: torch.Tensor, temperatures: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    """Logits whose argmax is the next token of every row: (rows, vocabulary), (rows,), (rows,)."""
    is_greedy = keys == 0
    if logits.device.type == "cpu" and bool(is_greedy.all()):
        return logits  # on CUDA the question itself would stall the stream
    scale = torch.where(is_greedy, torch.ones_like(temperatures), temperatures)
    noise = _gumbel(keys, logits.shape[-1], logits.device)
    sampled = logits / scale.unsqueeze(-1) + noise
    return torch.where(is_greedy.unsqueeze(-1), logits, sampled)


def _gumbel(keys: torch.Tensor, size: int, device: torch.device) -> torch.Tensor:
    columns = torch.arange(size, device=device, dtype=torch.int64)  # (vocabulary,)
    words = (columns * _GOLDEN).unsqueeze(0) ^ (keys.to(torch.int64) * _MIX_1).unsqueeze(-1)
    words = words & _WORD
    words = ((words ^ (words >> 16)) * _MIX_1) & _WORD
    words = ((words ^ (words >> 15)) * _MIX_2) & _WORD
    words = words ^ (words >> 16)
    # 24 bits fill a float32 mantissa; half a step keeps the draw off 0 and 1
    uniform = ((words >> 8).to(torch.float32) + 0.5) * (1.0 / 2**24)
    return -torch.log(-torch.log(uniform))


def _scramble(word: int) -> int:
    word = ((word ^ (word >> 16)) * _MIX_1) & _WORD
    word = ((word ^ (word >> 15)) * _MIX_2) & _WORD
    return word ^ (word >> 16)


def clean_temperature(temperature: float) -> float:
    """A temperature that float32 can divide by."""
    return max(temperature, 1e-3) if math.isfinite(temperature) and temperature > 0 else 0.0
