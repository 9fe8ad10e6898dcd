"""Calls JavaScript's solutions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from humaneval_x.agreement.calls import Case, Function
from humaneval_x.agreement.drivers.python import problems

PROGRAM = """
const shown = (value) => {
  if (value === undefined || value === null) return null;
  if (value instanceof Map) return { map: [...value].map(([key, each]) => [shown(key), shown(each)]) };
  if (value instanceof Set) return [...value].map(shown);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === 'object') return { map: Object.entries(value).map(([key, each]) => [key, shown(each)]) };
  return value;
};
const text = (value) => {
  if (Array.isArray(value)) return '[' + value.map(text).join(', ') + ']';
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (typeof value === 'bigint') return String(value);
  if (value !== null && typeof value === 'object') return '{"map": ' + text(value.map) + '}';
  return JSON.stringify(value);
};
const [source, name, cases] = JSON.parse(PROBLEMS)[Number(require('fs').readFileSync(0, 'utf8'))];
const called = new Function('require', source + '\\nreturn ' + name + ';')(require);
cases.forEach((given, number) => {
  let told;
  try {
    told = text(shown(called(...given)));
  } catch (fault) {
    told = '!' + ((fault && fault.name) || 'thrown');
  }
  require('fs').writeSync(1, number + '\\t' + told + '\\n');
});
"""


def source(functions: Sequence[Function], cases: Mapping[str, Sequence[Case]]) -> str:
    """Return the program."""
    return f"const PROBLEMS = {json.dumps(problems(functions, cases))};\n{PROGRAM}"
