"""JavaScript's syntax, for the reader of answers."""

from humaneval_x.answers.table import GrammarTable

PATTERNS = ("@identifier", "@object_pattern", "@array_pattern", "@assignment_pattern", "@rest_pattern")

TABLE = GrammarTable(
    grammar="tree_sitter_javascript",
    closing="\n}",
    tags=frozenset({"javascript", "js", "node", "nodejs", "jsx", "mjs", "es6"}),
    atoms=frozenset({"string", "template_string", "regex", "comment", "html_comment"}),
    comments=frozenset({"comment", "html_comment"}),
    names={
        "function_declaration": ("name",),
        "generator_function_declaration": ("name",),
        "class_declaration": ("name",),
        "method_definition": ("name",),
        "field_definition": ("property",),
        "lexical_declaration": ("@variable_declarator",),
        "variable_declaration": ("@variable_declarator",),
        "variable_declarator": ("name",),
        "export_statement": ("declaration",),
        "expression_statement": ("@assignment_expression",),
        "assignment_expression": ("left",),
        "object_pattern": (
            "@shorthand_property_identifier_pattern",
            "@pair_pattern",
            "@rest_pattern",
            "@object_assignment_pattern",
        ),
        "object_assignment_pattern": ("left",),
        "pair_pattern": ("value",),
        "array_pattern": PATTERNS,
        "assignment_pattern": ("left",),
        "rest_pattern": PATTERNS,
        "formal_parameters": PATTERNS,
        "arrow_function": ("parameter",),
        "catch_clause": ("parameter",),
        "for_in_statement": ("left",),
        "import_statement": ("@import_clause",),
        "import_clause": ("@identifier", "@named_imports", "@namespace_import"),
        "named_imports": ("@import_specifier",),
        "import_specifier": ("name", "alias"),
        "namespace_import": ("@identifier",),
    },
    items=frozenset(
        {
            "function_declaration",
            "generator_function_declaration",
            "class_declaration",
            "lexical_declaration",
            "variable_declaration",
            "expression_statement",
            "import_statement",
            "for_statement",
            "for_in_statement",
            "while_statement",
            "if_statement",
            "try_statement",
            "method_definition",
            "field_definition",
        }
    ),
    tested=frozenset(
        {
            "function_declaration",
            "generator_function_declaration",
            "lexical_declaration",
            "variable_declaration",
            "expression_statement",
            "field_definition",
        }
    ),
    bodies=frozenset(
        {
            "function_declaration",
            "generator_function_declaration",
            "function_expression",
            "arrow_function",
            "method_definition",
        }
    ),
    blocks=frozenset({"statement_block"}),
    binds=frozenset(
        {
            "variable_declarator",
            "formal_parameters",
            "arrow_function",
            "catch_clause",
            "for_in_statement",
            "function_declaration",
            "class_declaration",
            "generator_function_declaration",
        }
    ),
    loaders=frozenset({"require"}),
    classes={"class_declaration": "class_body"},
    imports=frozenset({"import_statement"}),
    statements=frozenset(
        {
            "expression_statement",
            "for_statement",
            "for_in_statement",
            "while_statement",
            "if_statement",
            "try_statement",
        }
    ),
    set_up=frozenset({"Array.prototype", "String.prototype", "Object.prototype", "Number.prototype", "Math"}),
    wrappers=frozenset({"export_statement"}),
    separator="\n",
    delegate="return new {type}().{name}({arguments})",
    delegate_held="return {callee}({arguments})",
    holders={"variable_declarator": ("name", "value"), "assignment_expression": ("left", "right")},
    objects=frozenset({"object"}),
    whole=frozenset({"module.exports", "exports.default"}),
)
