"""Choose the device once, seed every generator, set threads. Knows no model."""

import os
import random

import numpy as np
import torch


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


def worker_threads() -> int:
    """OMP_NUM_THREADS where it is set, else the number of cores."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return int(wanted) if wanted.isdigit() and int(wanted) > 0 else (os.cpu_count() or 1)
