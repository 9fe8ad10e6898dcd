"""Prints the Debian packages of all toolchains (or of those named), for the image and for `make`.

    python3 -m sandboxes.packages [--optional] [LANGUAGE ...]

`--optional` prints those that make a language faster and that not every distribution has, from its
`optional_packages()`; they may depend on the version of a toolchain, so ask when the others are installed.
"""

import os
import sys

from sandboxes.prepare import LANGUAGES, is_asked_for, steps_of


def default() -> "list[str]":
    """Return the languages of everybody, and those that HUMANEVAL_X_WITH asks for."""
    asked = os.environ.get("HUMANEVAL_X_WITH", "").replace(",", " ").split()
    for name in asked:
        if name not in LANGUAGES:
            sys.exit(
                f"HUMANEVAL_X_WITH: unknown language {name!r}; choose from {' '.join(filter(is_asked_for, LANGUAGES))}"
            )
    return [name for name in LANGUAGES if name in asked or not is_asked_for(name)]


def main() -> None:
    """Print the packages on one line."""
    optional = "--optional" in sys.argv[1:]
    names = [name for name in sys.argv[1:] if name != "--optional"] or default()
    languages = [steps_of(name) for name in names]
    if optional:
        found = set().union(*(steps.optional_packages() for steps in languages if hasattr(steps, "optional_packages")))
    else:
        found = {"gcc", "libc6-dev", "python3"}.union(*(steps.PACKAGES for steps in languages))
    print(*sorted(found))


if __name__ == "__main__":
    main()
