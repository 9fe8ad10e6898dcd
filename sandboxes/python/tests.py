"""Compiles tests so that their assertions are counted. The agent does it, once for all samples of a problem; a fork
only loads the code, which spares it the pages of Python's parser and syntax tree.
"""

import ast
import types

PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def compile_tests(tests: str) -> types.CodeType:
    """Return the tests as code whose `assert x` calls `<check>(x, line)`, a name that no program can write."""
    tree = ast.parse(tests, "tests.py")
    count_asserts(tree.body)
    return compile(tree, "tests.py", "exec", dont_inherit=True)


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
    """Return the call that takes an assertion's place."""
    place = {name: getattr(node, name) for name in PLACE}
    arguments = [node.test, ast.Constant(node.lineno, **place)]
    return ast.Expr(ast.Call(ast.Name("<check>", ast.Load(), **place), arguments, [], **place), **place)
