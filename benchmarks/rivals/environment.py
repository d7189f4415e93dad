"""A rival's own virtual environment: its pinned packages, ours for the rest, torch among them."""

import hashlib
import site
import subprocess
import venv
from pathlib import Path

INSTALL_SECONDS = 300.0
_STAMP = "installed.sha256"


def rival_python(folder: Path, rival: str) -> Path:
    """The interpreter of the environment in `folder`; installs it where it is missing or old.

    `rival` names the file of pinned packages in this folder: `<rival>.txt`.

    Our packages are found through a .pth file, after the rival's own: nothing of ours changes.
    """
    python = folder / "bin" / "python"
    requirements = Path(__file__).with_name(f"{rival}.txt")
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = folder / _STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    venv.create(folder, clear=True, with_pip=True)
    own = next(folder.glob("lib/python*/site-packages"))
    (own / "switchboard.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "-r", str(requirements)]
    subprocess.run(command, check=True, timeout=INSTALL_SECONDS)  # noqa: S603 - our own arguments
    stamp.write_text(wanted, encoding="utf-8")
    return python
