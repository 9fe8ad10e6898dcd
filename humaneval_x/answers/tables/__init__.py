"""The languages that answers are read in: one table each, one line here."""

from humaneval_x.answers.table import GrammarTable
from humaneval_x.answers.tables import cpp, go, java, javascript, python, rust

TABLES: dict[str, GrammarTable] = {
    "python": python.TABLE,
    "cpp": cpp.TABLE,
    "java": java.TABLE,
    "javascript": javascript.TABLE,
    "go": go.TABLE,
    "rust": rust.TABLE,
}
