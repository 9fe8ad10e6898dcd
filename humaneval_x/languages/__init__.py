"""The languages behind one contract (`contract.py`), listed in one registry (`registry.py`).

Everything here is pure text in, text out: no files, no processes. What a language needs inside a jail is in
`sandboxes/<language>/`. To add a language: a module here, a folder there, one line in the registry, a problem file.
"""

from humaneval_x.languages.contract import Language
from humaneval_x.languages.registry import BY_PREFIX, GROUPS, KNOWN, LANGUAGES, PAIRS, language, language_of, pairs

__all__ = ["BY_PREFIX", "GROUPS", "KNOWN", "LANGUAGES", "PAIRS", "Language", "language", "language_of", "pairs"]
