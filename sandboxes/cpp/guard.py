"""Puts a C++ program together so that its candidate cannot redefine what its tests are made of.

The one translation unit is: preamble, candidate, guard, tests. Candidate and tests are files of their own to
the compiler, so that what the candidate leaves open (a comment, a conditional, a string, a macro call) is an
error and cannot swallow the tests. The guard takes back every macro whose name the tests or the language use,
and defines the tests' `assert` and `rand`. Pure text; what it cannot see is behind the ABI: a candidate that
overloads a tested function so that it returns a type equal to everything.
"""

import re

KEYWORDS = """alignas alignof asm auto bool break case catch char char16_t char32_t class const constexpr const_cast continue
decltype default delete do double dynamic_cast else enum explicit export extern false float for friend goto if
inline int long mutable namespace new noexcept nullptr operator private protected public register
reinterpret_cast return short signed sizeof static static_assert static_cast struct switch template this
thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while""".split()
NOT_MACROS = frozenset(
    "defined and and_eq bitand bitor compl not not_eq or or_eq xor xor_eq".split()
)  # no program can redefine them
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
ASSERT_HEADER = re.compile(r"^([ \t]*)#([ \t]*)include[ \t]*[<\"](?:assert\.h|cassert)[>\"].*$", re.MULTILINE)
# Strings and comments are read too: a name too many costs nothing.
RAND = re.compile(r"\bs?rand\b")
# The C library's generator, number for number. Its own is the candidate's too, to seed or to give a state of zeros.
OWN_RAND = """static unsigned random_NONCE[31], at_NONCE;
static void srand_NONCE(unsigned seed) {
    random_NONCE[0] = seed ? seed : 1;
    for (int i = 1; i < 31; i++) random_NONCE[i] = ((int)random_NONCE[i - 1] * 16807ll % 2147483647 + 2147483647) % 2147483647;
    for (at_NONCE = 34; at_NONCE < 344; at_NONCE++) random_NONCE[at_NONCE % 31] += random_NONCE[(at_NONCE - 3) % 31];
}
static int rand_NONCE() {
    at_NONCE = at_NONCE % 31 + 31;
    random_NONCE[at_NONCE % 31] += random_NONCE[(at_NONCE - 3) % 31];
    return random_NONCE[at_NONCE++ % 31] >> 1;
}
static const int seeded_NONCE = (srand_NONCE(1), 1);
namespace std { using ::rand_NONCE; using ::srand_NONCE; }
#define rand rand_NONCE
#define srand srand_NONCE
"""


def restore(tests: str, macros: "dict[str, str]") -> str:
    """Return directives giving every name in `tests`, and every keyword, the meaning the headers gave it.

    `macros` are the headers' own macros: name (with parameters) and body, as one `#define` line by name.
    """
    names = [name for name in dict.fromkeys([*KEYWORDS, *IDENTIFIER.findall(tests)]) if name not in NOT_MACROS]
    lines = []
    for name in names:
        lines.append(f"#undef {name}")
        if name in macros:
            lines.append(macros[name])
    return "\n".join(lines)


def slot(nonce: str) -> str:
    """The name of the function through which the jail gives the tests its check; no candidate can know it."""
    return f"hx_take_{nonce}"


def program(
    preamble: str, candidate_path: str, tests_path: str, tests: str, nonce: str, macros: "dict[str, str]"
) -> str:
    """Return the text that includes candidate and tests, with the guard between them.

    The guard opens with `;` and a linkage specification: what the candidate left dangling (a specifier, an
    attribute, a function or class body) ends there, in nothing or in an error.
    """
    check = f"hx_check_{nonce}"
    own_rand = OWN_RAND.replace("NONCE", nonce) if RAND.search(tests) else ""
    return f"""{preamble}
#include "{candidate_path}"
#line 1 "guard"
{restore(tests, macros)}
#pragma GCC diagnostic ignored "-Wpedantic"
;
extern "C" {{
static void (*{check})(int, const char *);
__attribute__((visibility("default"))) void {slot(nonce)}(void (*given)(int, const char *)) {{ if (!{check}) {check} = given; }}
}}
#undef NDEBUG
#undef assert
#define assert(expression) ({check}(static_cast<bool>(expression), #expression))
{own_rand}#include "{tests_path}"
"""


def candidate_file(candidate: str) -> str:
    """Return the candidate with a name of its own for messages."""
    return f'#line 1 "candidate.cpp"\n{candidate}\n'


def tests_file(tests: str) -> str:
    """Return the tests, their own <assert.h> taken out (the guard has defined `assert`)."""
    return '#line 1 "tests.cpp"\n' + ASSERT_HEADER.sub("", tests) + "\n"
