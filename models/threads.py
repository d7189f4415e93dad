"""How many threads the models may use. Knows no runtime."""

import os


def worker_threads() -> int:
    """OMP_NUM_THREADS where it is set, else the number of cores."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return int(wanted) if wanted.isdigit() and int(wanted) > 0 else (os.cpu_count() or 1)
