"""Rust's syntax, for the reader of answers."""

import re

from humaneval_x.answers.table import GrammarTable

PATTERNS = ("@identifier", "@tuple_pattern", "@tuple_struct_pattern", "@ref_pattern", "@mut_pattern",
            "@reference_pattern", "@slice_pattern", "@struct_pattern", "@captured_pattern", "@or_pattern")  # fmt: skip

TABLE = GrammarTable(
    grammar="tree_sitter_rust",
    closing="\n}",
    tags=frozenset({"rust", "rs"}),
    # What an attribute says belongs to the item behind it, as a comment before an item does.
    atoms=frozenset(
        {
            "string_literal",
            "raw_string_literal",
            "char_literal",
            "line_comment",
            "block_comment",
            "attribute_item",
            "inner_attribute_item",
            "lifetime",
        }
    ),
    comments=frozenset({"line_comment", "block_comment", "attribute_item"}),
    members=frozenset(),  # a method may be all that is used of a trait
    names={
        "function_item": ("name",),
        "function_signature_item": ("name",),
        "struct_item": ("name",),
        "enum_item": ("name",),
        "union_item": ("name",),
        "trait_item": ("name", "body"),
        "declaration_list": ("@function_signature_item", "@function_item"),
        "expression_statement": ("@macro_invocation",),
        "macro_invocation": ("@token_tree",),  # thread_local!
        "token_tree": ("@identifier",),
        "type_item": ("name",),
        "const_item": ("name",),
        "static_item": ("name",),
        "mod_item": ("name",),
        "macro_definition": ("name",),
        "use_declaration": ("argument",),
        "scoped_identifier": ("name",),
        "scoped_use_list": ("list",),
        "use_list": ("@identifier", "@scoped_identifier", "@scoped_use_list", "@use_as_clause"),
        "use_as_clause": ("alias",),
        "let_declaration": ("pattern",),
        "let_condition": ("pattern",),
        "for_expression": ("pattern",),
        "parameter": ("pattern",),
        "match_pattern": PATTERNS,
        "closure_parameters": ("@parameter", *PATTERNS),
        **dict.fromkeys((each[1:] for each in PATTERNS[1:]), PATTERNS),
    },
    items=frozenset(
        {
            "function_item",
            "struct_item",
            "enum_item",
            "union_item",
            "trait_item",
            "impl_item",
            "type_item",
            "const_item",
            "static_item",
            "mod_item",
            "macro_definition",
            "macro_invocation",
            "expression_statement",
            "use_declaration",
            "inner_attribute_item",  # which nothing needs
        }
    ),
    tested=frozenset({"function_item"}),
    bodies=frozenset({"function_item", "closure_expression"}),
    blocks=frozenset({"block"}),
    binds=frozenset(
        {
            "let_declaration",
            "let_condition",
            "for_expression",
            "parameter",
            "match_pattern",
            "closure_parameters",
            "const_item",
            "static_item",
        }
    ),
    imports=frozenset({"use_declaration"}),
    known_imports=re.compile(r"use\s+(?:::)?(?:std|core|alloc|rand|regex|md5)\b"),
    always=frozenset({"use_declaration", "macro_definition"}),
    extends=frozenset({"impl_item"}),
    members_by_dot=True,
)
