"""JSON as Python holds it, at the edges of the house: just parsed from a file or a peer, or about to be written.

Between rooms go records: a record's `from_json` and `to_json` are what knows its keys. Parses and writes nothing.
"""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]
"""An object whose keys are texts and whose values are what JSON has: no records, enums, paths or tuples."""
