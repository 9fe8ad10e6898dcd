"""Java's syntax, for the reader of answers."""

import re

from humaneval_x.answers.table import GrammarTable

TABLE = GrammarTable(
    grammar="tree_sitter_java",
    closing="\n}\n}",
    tags=frozenset({"java"}),
    atoms=frozenset({"string_literal", "character_literal", "line_comment", "block_comment"}),
    comments=frozenset({"line_comment", "block_comment"}),
    names={
        "class_declaration": ("name",),
        "interface_declaration": ("name",),
        "enum_declaration": ("name",),
        "record_declaration": ("name",),
        "annotation_type_declaration": ("name",),
        "method_declaration": ("name",),
        "field_declaration": ("declarator",),
        "local_variable_declaration": ("declarator",),
        "variable_declarator": ("name",),
        "formal_parameter": ("name",),
        "spread_parameter": ("@variable_declarator",),
        "catch_formal_parameter": ("name",),
        "enhanced_for_statement": ("name",),
        "inferred_parameters": ("@identifier",),
        "lambda_expression": ("parameters",),
        "import_declaration": ("@identifier", "@scoped_identifier"),
        "scoped_identifier": ("name",),
    },
    items=frozenset(
        {
            "class_declaration",
            "interface_declaration",
            "enum_declaration",
            "record_declaration",
            "annotation_type_declaration",
            "method_declaration",
            "field_declaration",
            "constructor_declaration",
            "static_initializer",
            "block",
            "import_declaration",
            "local_variable_declaration",
        }
    ),
    tested=frozenset({"method_declaration"}),
    bodies=frozenset({"method_declaration", "lambda_expression"}),
    blocks=frozenset({"block", "constructor_body"}),
    binds=frozenset(
        {
            "local_variable_declaration",
            "formal_parameter",
            "spread_parameter",
            "catch_formal_parameter",
            "enhanced_for_statement",
            "lambda_expression",
            "inferred_parameters",
        }
    ),
    classes={"class_declaration": "class_body"},
    class_opening="class X {\n",
    kept_members=frozenset({"constructor_declaration"}),
    imports=frozenset({"import_declaration"}),
    known_imports=re.compile(r"import\s+(?:static\s+)?javax?\.[\w.]+\*\s*;"),
    statements=frozenset({"static_initializer", "block"}),
    modifiers={
        "class_declaration": ("public",),
        "interface_declaration": ("public",),
        "enum_declaration": ("public",),
        "record_declaration": ("public",),
    },
    overloads=True,
    members_by_dot=True,
)
