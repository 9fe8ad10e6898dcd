"""Go's syntax, for the reader of answers."""

from humaneval_x.answers.table import GrammarTable

# Go lets a program declare its own built-in names; a package's name it does not take back.
PACKAGES = "math strings fmt strconv time bytes regexp sort rand md5 assert testing"

TABLE = GrammarTable(
    grammar="tree_sitter_go",
    closing="\n}",
    tags=frozenset({"go", "golang"}),
    atoms=frozenset({"interpreted_string_literal", "raw_string_literal", "rune_literal", "comment"}),
    comments=frozenset({"comment"}),
    names={
        "function_declaration": ("name",),
        "parameter_declaration": ("name",),
        "variadic_parameter_declaration": ("name",),
        "type_declaration": ("@type_spec", "@type_alias"),
        "type_spec": ("name",),
        "type_alias": ("name",),
        "var_declaration": ("@var_spec", "@var_spec_list"),
        "var_spec_list": ("@var_spec",),
        "var_spec": ("name",),
        "const_declaration": ("@const_spec",),
        "const_spec": ("name",),
        "short_var_declaration": ("left",),
        "range_clause": ("left",),
        "type_switch_statement": ("alias",),
        "expression_list": ("@identifier",),
        "import_declaration": ("@import_spec", "@import_spec_list"),
        "import_spec_list": ("@import_spec",),
        "import_spec": ("name",),
    },
    items=frozenset(
        {
            "function_declaration",
            "method_declaration",
            "type_declaration",
            "var_declaration",
            "const_declaration",
            "import_declaration",
        }
    ),
    tested=frozenset({"function_declaration", "var_declaration"}),
    methods=frozenset({"method_declaration"}),
    bodies=frozenset({"function_declaration", "method_declaration", "func_literal"}),
    blocks=frozenset({"block"}),
    binds=frozenset(
        {
            "short_var_declaration",
            "var_spec",
            "const_spec",
            "type_spec",
            "range_clause",
            "type_switch_statement",
            "parameter_declaration",
            "variadic_parameter_declaration",
        }
    ),
    imports=frozenset({"import_declaration"}),
    imports_apart=True,
    extends=frozenset({"method_declaration"}),
    initialisers=frozenset({"init"}),
    provided=frozenset(PACKAGES.split()),
    delegate="return new({type}).{name}({arguments})",
)
