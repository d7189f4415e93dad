"""Choose the device once, seed every generator, set threads. Knows no model."""

import random

import numpy as np
import torch

from models.threads import worker_threads


def choose_device(wanted: str = "auto") -> torch.device:
    """The wanted device; `auto` is cuda where there is one, else cpu."""
    if wanted != "auto":
        return torch.device(wanted)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def seed_everything(seed: int) -> None:
    """Seed Python, numpy and torch alike."""
    random.seed(seed)
    np.random.seed(seed)  # libraries draw from the global state
    torch.manual_seed(seed)


def prepare_cpu(threads: int | None = None) -> None:
    """Bound the threads and flush denormals, which slow long training several times over."""
    torch.set_num_threads(threads or worker_threads())
    torch.set_flush_denormal(True)
