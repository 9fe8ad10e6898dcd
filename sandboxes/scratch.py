"""Removes everything that programs leave in the scratch area."""

import os
import stat
from pathlib import Path


def empty(parent: Path, name: str) -> None:
    """Remove `parent/name` and all below it without recursion: each folder's folders move up one level.

    Path lengths stay short however deep a program nested its folders, and no symbolic link is followed.
    """
    first = os.path.join(parent, name)
    try:
        return os.rmdir(first)  # as most programs leave it
    except OSError:
        pass
    if not stat.S_ISDIR(os.lstat(first).st_mode):
        os.unlink(first)
        return
    own(first)
    todo, fresh = [first], 0
    while todo:
        folder = todo.pop()
        with os.scandir(folder) as entries:
            children = [(each.path, each.is_dir(follow_symlinks=False)) for each in entries]
        for path, is_folder in children:
            if is_folder:
                own(path)  # moving a folder up needs write permission on it
                fresh += 1
                moved = f"{first}.gone-{fresh}"
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
