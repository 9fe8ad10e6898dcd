"""Prints the Debian packages of all toolchains (or of those named), for the image and for `make`."""

import importlib
import sys

from sandboxes.prepare import LANGUAGES


def main() -> None:
    """Print the packages on one line."""
    names = sys.argv[1:] or LANGUAGES
    found = {package for name in names for package in importlib.import_module(f"sandboxes.{name}.steps").PACKAGES}
    print(*sorted({"gcc", "libc6-dev", "python3", *found}))


if __name__ == "__main__":
    main()
