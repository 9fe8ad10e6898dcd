"""Tells whether this user can have the namespaces of a bubblewrap jail, and if not, the one command that allows it.

Checked before anything is prepared, so that a machine that refuses says so in a second.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from humaneval_x.errors import SetupError

TRIAL_S = 600  # a busy machine takes more than a minute
INSTALL = "bubblewrap is not installed; install it with: sudo apt-get install bubblewrap"
TRIAL = ["--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent"]
TRIAL_ROOT = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent"]
# A kernel setting, the value that refuses, the value that allows.
SWITCHES = (
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("user.max_user_namespaces", "0", "10000"),
)
CONTAINER = "docker run" + "".join(
    f" --security-opt {name}=unconfined" for name in ("seccomp", "apparmor", "systempaths")
)


def bwrap(*, root: bool) -> str:
    """Return the path of bubblewrap if it works here. Raises SetupError with the command that helps."""
    program = shutil.which("bwrap")
    if program is None:
        raise SetupError(INSTALL)
    argv = [program, *(TRIAL_ROOT if root else TRIAL), "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"]
    try:
        tried = subprocess.run([*argv, "/bin/true"], capture_output=True, text=True, timeout=TRIAL_S)
    except subprocess.TimeoutExpired as fault:
        raise SetupError(f"bubblewrap did not start a command in {TRIAL_S} s") from fault
    if tried.returncode != 0:
        said = " ".join(tried.stderr.split())
        raise SetupError(f"this machine refuses a bubblewrap jail to this user ({said}); {remedy()}")
    return program


def remedy(proc_sys: Path = Path("/proc/sys"), root: Path = Path("/")) -> str:
    """Return the one command to copy: for a kernel setting that refuses, for a container, or the general advice."""
    for name, refuses, allows in SWITCHES:
        try:
            value = (proc_sys / name.replace(".", "/")).read_text().strip()
        except OSError:
            continue
        if value == refuses:
            return f"allow it with: sudo sysctl -w {name}={allows}"
    if any((root / mark).exists() for mark in (".dockerenv", "run/.containerenv")):
        return f"this is a container without namespaces; start it with: {CONTAINER} ..."
    return "use --sandbox docker, or run as root"
