"""Python's syntax, for the reader of answers."""

import re

from humaneval_x.answers.table import GrammarTable

BUILT_IN = """
ArithmeticError AssertionError AttributeError BaseException BufferError BytesWarning EOFError Ellipsis Exception False
FileNotFoundError FloatingPointError GeneratorExit IOError ImportError IndentationError IndexError KeyError
KeyboardInterrupt LookupError MemoryError NameError None NotImplemented NotImplementedError OSError OverflowError
RecursionError RuntimeError StopAsyncIteration StopIteration SyntaxError SystemError SystemExit TimeoutError True
TypeError UnboundLocalError UnicodeError ValueError ZeroDivisionError __import__ abs all any ascii bin bool breakpoint
bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec exit filter float
format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len list locals map max
memoryview min next object oct open ord pow print property quit range repr reversed round set setattr slice sorted
staticmethod str sum super tuple type vars zip
"""
# What the program's preamble imports, `from typing import *` and `from collections import *` written out.
IMPORTED = """
math re sys copy datetime itertools collections heapq statistics functools hashlib numpy np string
AbstractSet Any AnyStr AsyncIterable AsyncIterator Awaitable ByteString Callable ClassVar Collection Container
Coroutine DefaultDict Dict Final FrozenSet Generator Generic Hashable ItemsView Iterable Iterator KeysView List Literal
Mapping MappingView MutableMapping MutableSequence MutableSet NamedTuple NewType NoReturn Optional Protocol Reversible
Sequence Set Sized Text Tuple Type TypeVar TypedDict Union ValuesView cast overload
ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque namedtuple
"""

TABLE = GrammarTable(
    grammar="tree_sitter_python",
    closing="pass\n",
    tags=frozenset({"python", "py", "python3", "python2", "pycon", "ipython"}),
    atoms=frozenset({"string", "comment"}),
    comments=frozenset({"comment"}),
    runs=re.compile(rb"(?:^[ \t]*#[^\n]*\n){32,}", re.MULTILINE),
    names={
        "function_definition": ("name",),
        "class_definition": ("name",),
        "decorated_definition": ("definition",),
        "expression_statement": ("@assignment", "@augmented_assignment"),
        "assignment": ("left", "@assignment"),
        "augmented_assignment": ("left",),
        "named_expression": ("name",),
        "pattern_list": ("@identifier", "@tuple_pattern", "@list_pattern", "@list_splat_pattern", "@pattern_list"),
        "tuple_pattern": ("@identifier", "@tuple_pattern", "@list_pattern", "@list_splat_pattern"),
        "list_pattern": ("@identifier", "@tuple_pattern", "@list_pattern", "@list_splat_pattern"),
        "list_splat_pattern": ("@identifier",),
        "dictionary_splat_pattern": ("@identifier",),
        "type_alias_statement": ("left",),
        "type": ("@identifier",),
        "import_statement": ("name",),
        "import_from_statement": ("name",),
        "future_import_statement": ("name",),
        "dotted_name": ("@identifier",),
        "aliased_import": ("alias",),
        "if_statement": ("consequence", "alternative"),
        "elif_clause": ("consequence",),
        "else_clause": ("body",),
        "for_statement": ("left", "body", "alternative"),
        "for_in_clause": ("left",),
        "while_statement": ("body",),
        "with_statement": ("@with_clause", "body"),
        "with_clause": ("@with_item",),
        "with_item": ("value",),
        "as_pattern": ("alias",),
        "as_pattern_target": ("@identifier", "@tuple_pattern"),
        "try_statement": ("@block", "@except_clause", "@else_clause", "@finally_clause"),
        "except_clause": ("@block", "@as_pattern"),
        "finally_clause": ("@block",),
        "block": (
            "@expression_statement",
            "@import_statement",
            "@import_from_statement",
            "@function_definition",
            "@class_definition",
            "@decorated_definition",
            "@if_statement",
            "@for_statement",
            "@while_statement",
            "@try_statement",
            "@with_statement",
        ),
        "parameters": (
            "@identifier",
            "@default_parameter",
            "@typed_parameter",
            "@typed_default_parameter",
            "@list_splat_pattern",
            "@dictionary_splat_pattern",
        ),
        "lambda_parameters": ("@identifier", "@default_parameter", "@list_splat_pattern", "@dictionary_splat_pattern"),
        "default_parameter": ("name",),
        "typed_default_parameter": ("name",),
        "typed_parameter": ("@identifier", "@list_splat_pattern", "@dictionary_splat_pattern"),
    },
    items=frozenset(
        {
            "function_definition",
            "class_definition",
            "decorated_definition",
            "expression_statement",
            "type_alias_statement",
            "import_statement",
            "import_from_statement",
            "future_import_statement",
            "if_statement",
            "for_statement",
            "while_statement",
            "with_statement",
            "try_statement",
        }
    ),
    tested=frozenset({"function_definition", "decorated_definition", "expression_statement"}),
    choices=frozenset({"if_statement", "try_statement"}),
    bodies=frozenset({"function_definition", "lambda"}),
    blocks=frozenset({"block"}),
    binds=frozenset(
        {
            "assignment",
            "augmented_assignment",
            "named_expression",
            "for_statement",
            "for_in_clause",
            "as_pattern",
            "parameters",
            "lambda_parameters",
            "import_statement",
            "import_from_statement",
            "function_definition",
            "class_definition",
        }
    ),
    idle=frozenset({"pass", "...", "ellipsis"}),
    outer=frozenset({"global_statement", "nonlocal_statement"}),
    classes={"class_definition": "block"},
    imports=frozenset({"import_statement", "import_from_statement"}),
    known_imports=re.compile(
        r"from (?:typing|math|cmath|collections|itertools|functools|heapq|string|re|bisect|random|operator|datetime|"
        r"decimal|fractions|statistics|numpy) import \*"
    ),
    first=frozenset({"future_import_statement"}),
    statements=frozenset(
        {"expression_statement", "for_statement", "while_statement", "if_statement", "with_statement", "try_statement"}
    ),
    set_up=frozenset({"sys.setrecursionlimit", "setrecursionlimit"}),
    provided=frozenset((BUILT_IN + IMPORTED).split()),
    indented=True,
    separator="\n\n\n",
    delegate="return {type}().{name}({arguments})",
)
