"""Removes everything that programs leave in the scratch area."""

import os
import secrets
import stat
from pathlib import Path

from sandboxes.records import BoxFault


def empty(parent: Path, name: str) -> None:
    """Remove `parent/name` and all below it. Raises BoxFault where something stays."""
    try:
        remove(parent, os.path.join(parent, name))
    except OSError as fault:
        raise BoxFault(f"{name} of the scratch area could not be removed: {fault}") from fault


def remove(parent: Path, first: str) -> None:
    """Remove a folder or file of `parent` without recursion: each folder's folders move up, to `parent`.

    Path lengths stay short however deep a program nested its folders, and no symbolic link is followed.
    """
    try:
        return os.rmdir(first)  # as most programs leave it
    except OSError:
        pass
    if not stat.S_ISDIR(os.lstat(first).st_mode):
        os.unlink(first)
        return
    own(first)
    todo = [first]
    while todo:
        folder = todo.pop()
        with os.scandir(folder) as entries:
            children = [(each.path, each.is_dir(follow_symlinks=False)) for each in entries]
        for path, is_folder in children:
            if is_folder:
                own(path)  # moving a folder up needs write permission on it
                moved = os.path.join(parent, secrets.token_hex(8))  # which nothing there has already
                os.rename(path, moved)
                todo.append(moved)
            else:
                os.unlink(path)
        os.rmdir(folder)


def own(folder: str) -> None:
    """Make a folder writable where it is ours; where it is another user's, root needs no permission."""
    try:
        os.chmod(folder, 0o700)
    except PermissionError:
        pass
