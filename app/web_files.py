"""Where the built front end lies, and whether it was built."""

from pathlib import Path

DIST = Path(__file__).parents[1] / "web" / "dist"


def web_is_built() -> bool:
    return (DIST / "BUILD.json").exists()
