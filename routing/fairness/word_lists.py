"""The lists behind the perturbations, read once. Knows files, no rule."""

from functools import cache
from typing import Any

import yaml

from routing.fairness.seeds import DATA


@cache
def word_list(name: str) -> Any:  # noqa: ANN401 -- YAML of one of our own files
    """`data/<name>.yaml`."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
