"""The syntax of C++, for the reader of answers."""

import re

from humaneval_x.answers.table import GrammarTable

DECLARATORS = {
    kind: ("declarator",)
    for kind in (
        "function_definition",
        "declaration",
        "init_declarator",
        "pointer_declarator",
        "array_declarator",
        "function_declarator",
        "parameter_declaration",
        "optional_parameter_declaration",
        "type_definition",
    )
}

TYPES = ("@struct_specifier", "@class_specifier", "@union_specifier", "@enum_specifier")

STANDARD = """
vector string map set pair list deque queue stack array tuple bitset unordered_map unordered_set multiset multimap
priority_queue cout cin cerr endl sort reverse max min swap abs pow sqrt floor ceil round accumulate find count unique
to_string stoi stol stoll stod stof make_pair make_tuple get move function greater less string_view stringstream
istringstream ostringstream getline numeric_limits next_permutation lower_bound upper_bound transform fill copy remove
remove_if erase_if for_each all_of any_of none_of max_element min_element distance advance next prev begin end size_t
initializer_list unique_ptr shared_ptr make_shared make_unique optional iota gcd lcm isalpha isdigit toupper tolower
isupper islower isspace isalnum setprecision fixed setw exception runtime_error invalid_argument out_of_range
"""

CONDITIONAL = (
    "@function_definition",
    "@declaration",
    "@struct_specifier",
    "@class_specifier",
    "@template_declaration",
    "@alias_declaration",
    "@type_definition",
    "alternative",
)

TABLE = GrammarTable(
    grammar="tree_sitter_cpp",
    closing="\n}",
    tags=frozenset({"cpp", "c++", "cc", "cxx", "c", "h", "hpp"}),
    atoms=frozenset({"string_literal", "raw_string_literal", "char_literal", "system_lib_string", "comment"}),
    comments=frozenset({"comment"}),
    names={
        **DECLARATORS,
        "declaration": ("declarator", *TYPES),
        "type_definition": ("declarator", *TYPES),
        "reference_declarator": ("@identifier", "@function_declarator", "@array_declarator"),
        "parenthesized_declarator": ("@identifier", "@pointer_declarator", "@function_declarator"),
        "structured_binding_declarator": ("@identifier",),
        "qualified_identifier": ("scope",),
        "template_declaration": (
            "@function_definition",
            "@struct_specifier",
            "@class_specifier",
            "@declaration",
            "@alias_declaration",
        ),
        "struct_specifier": ("name",),
        "class_specifier": ("name",),
        "union_specifier": ("name",),
        "enum_specifier": ("name", "body"),
        "enumerator_list": ("@enumerator",),
        "enumerator": ("name",),
        "alias_declaration": ("name",),
        "namespace_definition": ("name", "body"),
        "linkage_specification": ("body",),
        "declaration_list": (
            "@function_definition",
            "@declaration",
            "@struct_specifier",
            "@class_specifier",
            "@enum_specifier",
            "@template_declaration",
            "@alias_declaration",
        ),
        "preproc_def": ("name",),
        "preproc_function_def": ("name",),
        "preproc_ifdef": CONDITIONAL,
        "preproc_if": CONDITIONAL,
        "preproc_else": ("@function_definition", "@declaration", "@struct_specifier", "@class_specifier"),
        "for_range_loop": ("declarator",),
    },
    items=frozenset(
        {
            "function_definition",
            "declaration",
            "template_declaration",
            "struct_specifier",
            "class_specifier",
            "union_specifier",
            "enum_specifier",
            "alias_declaration",
            "type_definition",
            "namespace_definition",
            "linkage_specification",
            "using_declaration",
            "namespace_alias_definition",
            "preproc_include",
            "preproc_def",
            "preproc_function_def",
            "preproc_call",
            "preproc_ifdef",
            "preproc_if",
            "field_declaration",
        }
    ),
    tested=frozenset({"function_definition", "template_declaration", "declaration"}),
    methods=frozenset({"function_definition"}),
    bodies=frozenset({"function_definition", "lambda_expression"}),
    blocks=frozenset({"compound_statement"}),
    binds=frozenset(
        {"declaration", "parameter_declaration", "optional_parameter_declaration", "for_range_loop", "init_declarator"}
    ),
    forward=frozenset({"function_declarator"}),
    classes={"class_specifier": "field_declaration_list", "struct_specifier": "field_declaration_list"},
    imports=frozenset({"preproc_include"}),
    known_imports=re.compile(
        r'#\s*include\s*[<"](?:[a-z0-9_]+|(?:assert|complex|ctype|dirent|errno|fcntl|fenv|float|inttypes|iso646|limits|locale|malloc|math|'
        r"pthread|sched|setjmp|signal|stdbool|stddef|stdint|stdio|stdlib|string|sys/\w+|time|uchar|unistd|wchar|wctype|\w*intrin)\.h|bits/stdc\+\+\.h|"
        r'boost/[\w/.]+|ext/[\w/.]+|(?:experimental|tr1|tr2)/\w+|openssl/\w+\.h)[>"]'
    ),
    always=frozenset(
        {"preproc_def", "preproc_function_def", "preproc_call", "using_declaration", "namespace_alias_definition"}
    ),
    extends=frozenset({"namespace_definition", "template_declaration", "function_definition"}),
    guards=frozenset({"preproc_ifdef"}),
    no_items=re.compile(rb"#[ \t]*(?!include|define|undef|if|el|endif|line|error|warning|pragma|import)"),
    uses=frozenset({"using_declaration"}),
    known_scopes=frozenset({"std", "boost", "__gnu_pbds", "__gnu_cxx"}),
    open_scopes=frozenset({"std"}),
    scope="using namespace std;",
    scope_names=frozenset(STANDARD.split()),
    overloads=True,
    delegate="return {type}().{name}({arguments});",
)
