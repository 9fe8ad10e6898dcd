"""The house's rules: who may import what, one registry of languages, no name of a language anywhere else."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from humaneval_x.languages import KNOWN

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "humaneval_x"
RECORDS = {"records", "errors", "json_types", "settings", "tasks", "values"}
PURE = RECORDS | {"languages"}

# Room -> what of this package it may import, from the ground up: a room stands below all that import it. A room is a
# module, or a folder with all below it. Beside the floors RECORDS and PURE, a row names nothing that its room does not use.
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "json_types": set(),
    "progress": set(),
    "resources": {"errors"},
    "values": {"errors"},
    "metrics": {"errors", "values"},
    "tasks": {"json_types"},
    "descriptions": set(),
    "records": {"errors", "json_types", "values", "tasks"},
    "settings": {"errors", "json_types", "values", "tasks", "records"},
    "files": {"errors", "json_types"},
    "download": {"errors", "files"},
    "checks": {"resources", "records"},
    "languages": RECORDS,
    "answers": PURE,
    "multipl_e": PURE | {"answers"},
    "problem_files": PURE | {"resources", "download"},
    "problems": PURE | {"resources", "files", "problem_files", "multipl_e"},
    "errata": PURE | {"resources", "problem_files", "problems"},
    "prompts": PURE | {"answers"},
    "formats": PURE | {"files"},
    "origins": {"errors", "resources"},
    "samples": PURE | {"files", "problem_files", "problems", "formats", "origins"},
    "convert": RECORDS | {"files", "problems", "samples"},
    "assembly": PURE | {"answers", "problems", "errata"},
    "tallies": {"records"},
    "recent": set(),
    "verdict_rows": RECORDS | {"samples", "tallies"},
    "results": RECORDS | {"files", "samples", "tallies", "verdict_rows", "recent"},
    "multipl_e_results": RECORDS | {"files", "multipl_e", "problems", "samples", "assembly", "results"},
    "scores": PURE,
    "run_report": PURE | {"descriptions", "samples", "scores"},
    "scoring": PURE | {"metrics", "tallies", "verdict_rows", "scores"},
    "probes": PURE | {"problem_files", "problems", "assembly"},
    "runners": RECORDS | {"resources"},  # from outside of a jail, languages are names
    "codegeex": {"errors"},  # a model, for anyone
    "samplers": PURE | {"answers", "codegeex"},
    "generation": PURE | {"descriptions", "problem_files", "problems", "prompts", "samples", "samplers"},
    "elsewhere": {"errors"},
    "texts": PURE | {"recent", "problems", "samples", "assembly"},
    "judging": PURE | {"progress", "checks", "results", "runners", "samples", "texts"},
    "multipl_e_tests": PURE | {"problems", "assembly", "verdict_rows", "runners"},
    "plans": PURE | {"elsewhere", "problems", "samples", "assembly", "runners", "texts"},
    "reporting": PURE
    | {
        "descriptions",
        "problem_files",
        "errata",
        "assembly",
        "tallies",
        "results",
        "scores",
        "run_report",
        "scoring",
        "runners",
        "judging",
        "plans",
    },
    "evaluation": PURE
    | {
        "multipl_e_tests",
        "progress",
        "files",
        "samples",
        "assembly",
        "results",
        "run_report",
        "probes",
        "runners",
        "elsewhere",
        "texts",
        "judging",
        "plans",
        "reporting",
    },
    "following": PURE
    | {
        "progress",
        "files",
        "problems",
        "samples",
        "assembly",
        "results",
        "run_report",
        "texts",
        "judging",
        "plans",
        "evaluation",
    },
    "reports": PURE
    | {
        "resources",
        "metrics",
        "files",
        "answers",
        "problem_files",
        "problems",
        "prompts",
        "samples",
        "assembly",
        "verdict_rows",
        "results",
        "scores",
        "run_report",
        "scoring",
    },
    "similarity": PURE
    | {
        "metrics",
        "descriptions",
        "files",
        "answers",
        "problems",
        "prompts",
        "samples",
        "assembly",
        "results",
        "scores",
        "run_report",
        "reports",
    },
    "differences": PURE | {"problem_files", "problems", "errata", "samples", "assembly", "verdict_rows", "results"},
    "ground_truth": PURE
    | {
        "files",
        "problem_files",
        "problems",
        "errata",
        "prompts",
        "assembly",
        "verdict_rows",
        "results",
        "runners",
        "plans",
        "evaluation",
        "reports",
    },
    "agreement": PURE | {"answers", "problem_files", "problems", "assembly", "probes", "runners", "reports"},
    "leaderboard": PURE
    | {"files", "problems", "samples", "results", "scores", "run_report", "runners", "plans", "evaluation", "reports"},
    "modes": PURE,
    "library": PURE | {"problem_files", "problems", "samples", "assembly"},
    "rewards": PURE | {"checks", "assembly", "probes", "runners", "library"},
    "serve": PURE
    | {
        "metrics",
        "checks",
        "assembly",
        "verdict_rows",
        "probes",
        "runners",
        "judging",
        "evaluation",
        "library",
        "rewards",
    },
    "model_server": PURE | {"samplers", "modes", "serve"},
    "contract": PURE | {"answers", "assembly", "runners"},
    "doctor": PURE | {"problem_files", "problems", "assembly", "runners"},
    "model_doctor": {"errors", "doctor"},
    "commands": PURE
    | {
        "files",
        "problem_files",
        "problems",
        "samples",
        "convert",
        "multipl_e_results",
        "runners",
        "codegeex",
        "samplers",
        "run_report",
        "generation",
        "plans",
        "evaluation",
        "following",
        "reports",
        "similarity",
        "differences",
        "ground_truth",
        "agreement",
        "leaderboard",
        "modes",
        "serve",
        "model_server",
        "contract",
        "doctor",
        "model_doctor",
    },
}
FACES = {
    "commands",
    "evaluation",
    "generation",
    "metrics",
    "problems",
    "samples",
}  # `__init__` hands on by name what is asked for, `__main__` puts two tables together
# Packages of others -> the rooms that may import them when they are imported themselves.
OUTSIDE = {
    "torch": {"codegeex", "samplers"},  # which the generation road imports only when a model is asked for
    "transformers": {"codegeex", "samplers"},
    "safetensors": {"codegeex", "samplers"},
    "tokenizers": {"codegeex", "samplers"},
    "triton": {"samplers", "codegeex"},  # only where a GPU takes them
    "vllm": {"samplers", "codegeex"},  # only in its own modules
    "docker": {"runners"},
    "ray": set(),  # only where --engine ray asks for it
    "fire": {"commands"},
    "tqdm": {"progress", "download", "samplers"},
    "numpy": {"metrics", "codegeex", "reports", "samplers"},
    "jinja2": {"reports"},
    "markupsafe": {"reports"},
    "matplotlib": {"reports"},
    "jsonschema": {"leaderboard"},
    "jsonlines": {"files"},
    "pooch": {"download"},
    "tree_sitter": {"answers", "similarity"},
    "requests": {"rewards"},
    "fastapi": {"serve", "model_server"},
    "starlette": {"serve", "model_server"},
    "pydantic": {"serve", "model_server"},
    "uvicorn": {"serve", "model_server"},
}
LOADERS = {
    "numpy": ("sandboxes/python/halves.py", "sandboxes/python/plain.py", "sandboxes/python/server.py")
}  # inside a jail, by name, for programs that want it


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def named(path: Path) -> str:
    """The dotted name of a module below the package: 'runners.docker'."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part not in ("__init__", "__main__"))


def imports(tree: ast.AST, *, lazy: bool) -> Iterator[str]:
    """Yield the full names of imported modules; without `lazy`, only what is imported when the module is."""
    inner = {
        id(node)
        for f in ast.walk(tree)
        if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(f)
    }
    for node in ast.walk(tree):
        if not lazy and id(node) in inner:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(name: str) -> str:
    return name.partition(".")[0]


def test_the_rooms_stand_one_upon_the_other():
    """Each row names rows above it only, so there is no circle, and none may import everything."""
    below: set[str] = set()
    for room, allowed in ROOMS.items():
        assert allowed <= below, f"{room} stands below {sorted(allowed - below)}"
        below.add(room)
    for room in ROOMS:
        assert ROOMS[room] < set(ROOMS) - {room}


@cache
def rooms_imported(path: Path) -> frozenset[str]:
    """Return the rooms that a module imports from, also inside its functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours = {found.partition(".")[2] for found in imports(tree, lazy=True) if found.startswith("humaneval_x.")}
    return frozenset({room_of(found) for found in ours} & set(ROOMS))


@pytest.mark.parametrize("path", modules(PACKAGE), ids=named)
def test_a_room_imports_only_what_it_may(path):
    name = named(path)
    assert not name or room_of(name) in ROOMS, f"{name}: a new room; say in ROOMS what it may import"
    rooms = rooms_imported(path)
    allowed = ROOMS[room_of(name)] | {room_of(name)} if name else FACES
    assert rooms <= allowed, f"{name} may not import {sorted(rooms - allowed)}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_may_import_only_what_it_does(room):
    """Beside the floor, which is everybody's: a permission that nothing uses says nothing about the room."""
    own = [path for path in modules(PACKAGE) if room_of(named(path)) == room]
    assert own, f"{room}: no module; take its row out of ROOMS"
    floor = next(each for each in (PURE, RECORDS, set[str]()) if each <= ROOMS[room])
    unused = ROOMS[room] - floor - {used for path in own for used in rooms_imported(path)}
    assert not unused, f"{room} imports nothing of {sorted(unused)}; take them out of its row"


@pytest.mark.parametrize(
    "path", modules(PACKAGE) + modules(ROOT / "sandboxes"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_module_has_at_most_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, "give what is a thing of its own a module"


@pytest.mark.parametrize("path", modules(PACKAGE), ids=named)
def test_heavy_packages_stay_in_their_rooms(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    outside = {found.partition(".")[0] for found in imports(tree, lazy=False)}
    for package in outside - {"humaneval_x"} - sys.stdlib_module_names:
        if room_of(named(path)) != "codegeex":
            assert room_of(named(path)) in OUTSIDE.get(package, set()), f"{named(path)} imports {package}"


@pytest.mark.parametrize("path", modules(ROOT / "sandboxes"), ids=lambda path: str(path.relative_to(ROOT)))
def test_inside_a_jail_there_is_only_the_standard_library(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {name.partition(".")[0] for name in imports(tree, lazy=True)}
    assert found <= sys.stdlib_module_names | {"sandboxes"}
    if "numpy" in path.read_text(encoding="utf-8").replace("python3-numpy", "") and path.name != "steps.py":
        assert str(path.relative_to(ROOT)) in LOADERS["numpy"]


@pytest.mark.parametrize("path", modules(ROOT / "sandboxes"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_jails_side_parses_on_the_python_of_older_systems(path):
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


@pytest.mark.parametrize("path", [p for p in modules(PACKAGE) if room_of(named(p)) != "codegeex"], ids=named)
def test_no_decision_names_a_language(path):
    """`if language == "go"` and its like: such a difference belongs into the language's own module."""
    names = {*KNOWN, *(each.PREFIX for each in KNOWN.values()), *(each.TITLE for each in KNOWN.values())}
    own = path.stem if path.parent.name == "languages" else ""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare):
            constants = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
            assert own or not constants & names, f"{path.name}:{node.lineno} compares with {constants & names}"


def test_every_language_is_one_module_one_folder_one_registry_line_and_one_data_file():
    for name, language in KNOWN.items():
        assert (language.NAME, language.__name__) == (name, f"humaneval_x.languages.{name}")
        assert (ROOT / "sandboxes" / name / "steps.py").is_file()
        assert (ROOT / "problems" / "fresh" / f"humaneval_{language.FILE}.jsonl").is_file()
    present = {path.stem for path in (PACKAGE / "languages").glob("*.py")} - {
        "__init__",
        "contract",
        "registry",
        "source",
        "expectations",
        "declared",
        "multipl_e",
    }
    assert present == set(KNOWN)
    assert {path.parent.name for path in (ROOT / "sandboxes").glob("*/steps.py")} == set(KNOWN)


def test_each_record_has_a_name_of_its_own():
    """But for `Engine`, one in the module of each; and codegeex/, which stands alone, names its networks as it likes."""
    found: dict[str, list[str]] = {}
    for path in [each for each in modules(PACKAGE) if room_of(named(each)) != "codegeex"]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(named(path))
    twice = {name: places for name, places in found.items() if len(places) > 1}
    assert set(twice) == {"Engine"}, twice
    assert twice["Engine"] == [f"samplers.{name}" for name in ("engine", "mindspore", "vllm")]


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "statement",
    [
        "import humaneval_x",
        "import humaneval_x; humaneval_x.evaluate",
        "import humaneval_x.commands.evaluate",
        "import humaneval_x.generation",
    ],
)
def test_importing_loads_neither_torch_nor_docker(statement):
    assert (
        python(f"import sys; {statement}; print(sorted({{'torch', 'docker', 'transformers'}} & set(sys.modules)))")
        == "[]"
    )


def test_the_names_at_the_top_are_the_modules_own():
    code = "import humaneval_x as hx, humaneval_x.evaluation as e, humaneval_x.metrics as m; print(hx.evaluate is e.evaluate, hx.pass_at_k is m.pass_at_k)"
    assert python(code) == "True True"


@pytest.mark.long
def test_all_tests_are_collected_where_no_extra_is_installed():
    """A newcomer's `make test` has neither PyTorch nor Ray: their tests are left out, none ends as an error."""
    hidden = ["torch", "transformers", "tokenizers", "safetensors", "accelerate", "peft", "ray", "vllm", "mindspore"]
    code = (
        f"import sys, pytest; sys.modules.update(dict.fromkeys({hidden}));"
        "sys.exit(pytest.main(['--collect-only', '-qq', '-p', 'no:cacheprovider', 'tests']))"
    )
    without = {name: value for name, value in os.environ.items() if name != "HUMANEVAL_X_REQUIRE"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env=without, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
