"""Where the package's own data lies: `problems/` and `sandboxes/`, in a checkout and in an installed wheel.

A wheel carries both below `humaneval_x/data/`; a checkout has them beside the package. Reads nothing itself.
"""

from __future__ import annotations

import os
from pathlib import Path

from humaneval_x.errors import MachineError

PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    for place in (PACKAGE / "data" / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise MachineError(f"{PACKAGE}: the installation is incomplete, its folder '{name}' is missing; install it again")


def problems_folder() -> Path:
    """Return the folder with the manifest, the errata and the project's own problem set. Raises MachineError."""
    return _folder("problems")


def sandboxes_folder() -> Path:
    """Return the folder of what runs inside a jail; it is always named `sandboxes`. Raises MachineError."""
    return _folder("sandboxes")


def cache_folder() -> Path:
    """Return the user's cache folder of this package; it need not exist yet."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG rule: a relative path there is to be ignored.
    return (Path(home) if os.path.isabs(home) else Path.home() / ".cache") / "humaneval_x"
