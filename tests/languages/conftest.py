"""Lets these tests import the helpers beside the rooms, whichever folder pytest starts from."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
