"""Compiles tests so that their assertions are counted. The agent does it, once for all samples of a problem; a fork
only loads the code, which spares it the pages of Python's parser and syntax tree.
"""

import ast
import types

PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")
# What can outlive the call of a test, or change what others use.
LASTING = frozenset(
    "random seed sys os io open exec eval compile builtins globals vars getattr setattr delattr register threading asyncio warnings "
    "logging locale signal atexit gc importlib getcontext".split()
)
HARMLESS = frozenset(["set", "setdefault"])


def compile_tests(tests: str) -> "tuple[list[str], types.CodeType]":
    """Return the names that the tests use and do not define (parameters are often called as the solution is), and
    the tests as code whose `assert x` calls `<check>(x, line)`, and whose `assert a == b` calls `<equal>(a, b, line)`: names
    that no program can write.
    """
    tree = ast.parse(tests, "tests.py")
    missing = names_missing(tree)
    count_asserts(tree.body)
    return missing, compile(tree, "tests.py", "exec", dont_inherit=True)


def compile_declared(declared: str) -> "tuple[types.CodeType, str | None]":
    """Return a problem's declaration as code, and the name of the function with which it ends: the solution's."""
    tree = ast.parse(declared, "solution.py")
    last = tree.body[-1] if tree.body else None
    name = last.name if isinstance(last, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
    return compile(tree, "solution.py", "exec", dont_inherit=True), name


def leaves_behind(preamble: str, declared: str, tests: str) -> bool:
    """Whether tests, or what runs before them, may leave something behind for others in their process."""
    if any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(ast.parse(tests))):
        return True
    for node in ast.walk(ast.parse(f"{preamble}\n{declared}\n{tests}")):
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            return True
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name in LASTING or name.startswith("_") or (name.startswith("set") and name not in HARMLESS):
            return True
    return False


def names_missing(tree: ast.Module) -> "list[str]":
    """Return the names that a syntax tree uses and does not define."""
    used: "set[str]" = set()
    bound: "set[str]" = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
    return sorted(used - bound)


def count_asserts(body: "list[ast.stmt]") -> None:
    """Replace every assertion in a list of statements, and in the blocks of those statements."""
    todo = [body]
    while todo:
        statements = todo.pop()
        for at, node in enumerate(statements):
            if isinstance(node, ast.Assert):
                statements[at] = counted(node)
                continue
            todo += [block for name in ("body", "orelse", "finalbody") if (block := getattr(node, name, None))]
            todo += [inner.body for inner in (*getattr(node, "handlers", ()), *getattr(node, "cases", ()))]


def counted(node: ast.Assert) -> ast.Expr:
    """Return the call that takes an assertion's place: `<check>(condition, line)`, and for `a == b` the two sides' values."""
    place = {name: getattr(node, name) for name in PLACE}
    test = node.test
    line = ast.Constant(node.lineno, **place)
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        function, arguments = "<equal>", [test.left, test.comparators[0], line]
    else:
        function, arguments = "<check>", [test, line]
    return ast.Expr(ast.Call(ast.Name(function, ast.Load(), **place), arguments, [], **place), **place)
