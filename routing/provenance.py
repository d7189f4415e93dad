"""Which code and which libraries made a model."""

import subprocess
from importlib import metadata
from pathlib import Path

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "torch", "transformers")
_ROOT = Path(__file__).parents[1]


def code_version() -> str:
    """The package's version, with the commit where the code is a git checkout."""
    package = _version("switchboard")
    commit = _git("rev-parse", "--short=12", "HEAD") if (_ROOT / ".git").exists() else ""
    if not commit:
        return package
    is_changed = bool(_git("status", "--porcelain", "--untracked-files=no"))
    return f"{package}+{commit}{'.changed' if is_changed else ''}"


def library_versions() -> dict[str, str]:
    """What the numbers of a model depend on."""
    return {name: _version(name) for name in _LIBRARIES}


def _version(package: str) -> str:
    """Of an installed package; it may also run from its sources."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _git(*arguments: str) -> str:
    try:
        found = subprocess.run(  # noqa: S603 -- fixed arguments
            ["git", "-C", str(_ROOT), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
