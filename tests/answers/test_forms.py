"""Forms in which a program is shown: sessions, differences, code within lines, include guards, headings behind it."""

from __future__ import annotations

import html
import json

import pytest
from answers.test_blocks import DEMO, PREFIXES, PROGRAMS, candidate, fenced

from humaneval_x.answers import read


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize("tag", ["diff", "patch", ""])
def test_a_difference_is_what_it_adds_and_leaves(language, tag):
    program = PROGRAMS[language]
    lines = program.splitlines()
    shown = "@@ -1,2 +1,3 @@\n-" + lines[0] + "\n" + "".join(f"+{line}\n" for line in lines[:-1]) + f" {lines[-1]}\n"
    assert candidate(language, f"```{tag}\n{shown}```\n") == candidate(language, fenced(language, program))


@pytest.mark.parametrize(
    "session",
    [
        ">>> def f(x):\n...     return x * 2\n...\n>>> f(3)\n6\n",
        ">>> def f(x):\n...     return x * 2\n... \n>>> f(3)\n6\n",
        "In [1]: def f(x):\n   ...:     return x * 2\n   ...:\n\nIn [2]: f(3)\nOut[2]: 6\n",
    ],
)
def test_a_session_is_what_was_entered(session):
    assert candidate("python", fenced("python", session)) == candidate("python", PROGRAMS["python"])


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize("ticks", ["`", "``", "```"])
def test_code_within_a_line_is_a_block(language, ticks):
    program = " ".join(PROGRAMS[language].split()) if language != "python" else "def f(x): return x * 2"
    if language == "go":
        program = "func F(x int) int { return x * 2 }"
    expected = candidate(language, fenced(language, program + "\n"))
    assert candidate(language, f"The answer is {ticks}{program}{ticks}.") == expected
    assert candidate(language, f"```{language} {program}```") == expected


@pytest.mark.parametrize("quotes", ['"""', "'''"])
@pytest.mark.parametrize("body", ["    return x * 2\n", '    y = """two"""\n    return x * 2\n\n\nprint(f(2))\n'])
def test_quotes_that_end_a_docstring_once_more_go(quotes, body):
    assert candidate("python", f"    {quotes}\n{body}") == candidate("python", body)


def test_a_docstring_of_the_answers_own_stays():
    assert '"""' in candidate("python", '    """\n    Double.\n    """\n    return x * 2\n')


GUARD = "#ifndef F_H\n#define F_H\n{}\n#endif\n"


@pytest.mark.parametrize("wrapper", [fenced("cpp", GUARD), GUARD])
def test_an_include_guard_is_no_part_of_the_program(wrapper):
    found = candidate("cpp", wrapper.format("#include <map>\n" + PROGRAMS["cpp"]))
    assert "x * 2" in found
    assert "#ifndef" not in found
    assert "#endif" not in found


def test_a_condition_around_what_is_needed_stays_whole():
    condition = "#ifdef LOCAL\nint g(int x) { return x; }\n#else\nint g(int x) { return x * 2; }\n#endif"
    assert condition in candidate("cpp", fenced("cpp", condition + "\nint f(int x) { return g(x); }\n"))


@pytest.mark.parametrize("heading", ["## Notes", "# Notes", "### How it works"])
@pytest.mark.parametrize("language", PROGRAMS)
def test_a_heading_behind_a_program_is_no_part_of_it(language, heading):
    program = PROGRAMS[language]
    found = candidate(language, f"{program}\n{heading}\n\nIt doubles.\n")
    assert "x * 2" in found
    assert heading.strip("# ") not in found


@pytest.mark.parametrize("using", ["using p::f;", "using namespace p;"])
def test_what_opens_a_namespace_that_is_left_out_goes(using):
    text = "namespace p {\nint f(int x) { return x * 2; }\n}\n" + using + "\n" + DEMO["cpp"]
    found = candidate("cpp", fenced("cpp", text))
    assert "x * 2" in found
    assert using not in found


@pytest.mark.parametrize("using", ["using std::max;", "using namespace q;", "using namespace __gnu_pbds;"])
def test_what_opens_a_namespace_that_is_there_stays(using):
    text = "namespace q {\nint g(int x) { return x * 2; }\n}\n" + using + "\nint f(int x) { return q::g(x); }\n"
    assert using in candidate("cpp", fenced("cpp", text))


WRITTEN = {
    "a web page": lambda text, language: f'<pre><code class="language-{language}">{html.escape(text)}</code></pre>\n',
    "a web page in a fence": lambda text, language: f"```{language}\n{html.escape(text)}```\n",
    "character data": lambda text, language: f"<solution><![CDATA[\n{text}]]></solution>\n",
    "a string": lambda text, language: text.replace("\n", "\\n").replace("\t", "\\t"),
    "a string in a fence": lambda text, language: "```{}\n{}\n```\n".format(language, text.replace("\n", "\\n")),
    "said by somebody": lambda text, language: f"Assistant: {text}",
    "an answer": lambda text, language: f"**Answer:** {text}",
    "tags on its own lines": lambda text, language: f"<answer>{text.rstrip()}</answer>\n",
}
MARKED = {
    "python": "def f(x):\n    return x * 2 if x < 3 else x + x\n",
    "cpp": "int f(int x) {\n    return x < 3 && 1 > x ? x * 2 : x + x;\n}\n",
    "java": "class Solution {\n    public int f(int x) {\n        return x < 3 && 1 > x ? x * 2 : x + x;\n    }\n}\n",
    "javascript": "const f = (x) => {\n  return x < 3 && 1 > x ? x * 2 : x + x;\n}\n",
    "go": "func F(x int) int {\n\tif x < 3 && 1 > x {\n\t\treturn x * 2\n\t}\n\treturn x + x\n}\n",
}


@pytest.mark.parametrize("language", MARKED)
@pytest.mark.parametrize("way", WRITTEN)
def test_a_program_written_for_something_else_is_meant_as_it_reads_there(language, way):
    program = MARKED[language]
    assert candidate(language, WRITTEN[way](program, language)) == candidate(language, program)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", '    return "\\n".join(["  a", x])'),
        ("python", '    return x.replace("<", "&lt;").replace(">", "&gt;")\n'),
        ("python", '    return "<code>" + x + "</code>"\n'),
        ("javascript", "  return x.split(/\\n/).length\n}"),
        ("javascript", "  return x.split(/\\n\\n/).length }"),
        ("javascript", "  return `\n<code>${x}</code>\n`\n}"),
        ("java", '        return x.replaceAll("&amp;", "\\n  ");\n    }\n}'),
    ],
)
def test_strings_that_look_like_it_stay_as_they_are(language, text):
    assert candidate(language, text).rstrip() == (PREFIXES[language] + text).rstrip()
    assert read(language, PREFIXES[language], text).words == "continuation"


@pytest.mark.parametrize(
    ("language", "program", "call"),
    [
        ("cpp", "auto f = [](int x) {\n    return x * 2;\n};\n", ""),
        ("cpp", "std::function<int(int)> f = [](int x) -> int { return x * 2; };\n", ""),
        ("go", "var F = func(x int) int {\n\treturn x * 2\n}\n", ""),
        ("go", "type Solution struct{}\n\nfunc (Solution) F(x int) int {\n\treturn x * 2\n}\n", "return new(Solution).F(x)"),
        ("go", "type S struct{ n int }\n\nfunc (s *S) F(x int) int {\n\treturn s.g(x) * 2\n}\n\nfunc (s *S) g(x int) int {\n\treturn x\n}\n", "return new(S).F(x)"),
    ],
)  # fmt: skip
def test_a_function_may_be_a_value_or_stand_outside_of_its_type(language, program, call):
    found = candidate(language, fenced(language, program + DEMO[language]))
    for line in program.splitlines():
        assert line in found
    assert call in found
    assert DEMO[language].strip() not in found


@pytest.mark.parametrize(
    "text", ["int f(int x);\n", "int f(int x);\nint main() {\n    f(1);\n}\n", "extern int f(int);\n"]
)
def test_a_prototype_is_no_function(text):
    assert read("cpp", PREFIXES["cpp"], fenced("cpp", text)).missing


def test_a_prototype_stays_before_what_calls_the_function():
    program = "int f(int x);\nint g(int x) { return f(x - 1); }\nint f(int x) {\n    return x < 1 ? 0 : g(x) + 2;\n}\n"
    assert program.strip() in candidate("cpp", fenced("cpp", program))


@pytest.mark.parametrize(
    ("language", "program"),
    [
        ("python", "def f(x):\n    return f.two * x\n\n\nf.two = 2\n"),
        ("javascript", "function f(x) {\n  return f.two * x;\n}\nf.two = 2;\n"),
    ],
)
def test_what_gives_the_function_a_member_stays_with_it(language, program):
    assert candidate(language, fenced(language, program + "\n" + DEMO[language])).split() == program.split()


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize("form", ["{} {}", "{:>4} | {}", "{}: {}", "{:03}. {}"])
def test_numbers_of_lines_are_no_part_of_them(language, form):
    program = PROGRAMS[language]
    shown = "".join(form.format(at, line) + "\n" for at, line in enumerate(program.splitlines(), 1))
    assert candidate(language, fenced(language, shown)) == candidate(language, fenced(language, program))


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize(
    "call",
    [
        '<tool_call>\n{{"name": "write_file", "arguments": {{"path": "f", "content": {}}}}}\n</tool_call>',
        '```json\n{{"command": "create", "file_text": {}}}\n```',
    ],
)
def test_a_program_in_a_call_of_a_tool_is_the_string(language, call):
    program = PROGRAMS[language]
    assert candidate(language, call.format(json.dumps(program))) == candidate(language, fenced(language, program))


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize(
    "wrapper",
    [
        '<antArtifact identifier="f" type="application/vnd.ant.code" title="F">\n{}</antArtifact>\n',
        '<function_calls>\n<invoke name="create">\n<parameter name="code">{}</parameter>\n</invoke>\n</function_calls>\n',
        '<file path="src/f">\n{}</file>\n\nIt doubles.\n',
    ],
)
def test_a_program_between_tags_with_attributes_is_the_block(language, wrapper):
    program = PROGRAMS[language]
    assert candidate(language, wrapper.format(program)) == candidate(language, fenced(language, program))


@pytest.mark.parametrize(
    "program",
    [
        "import sys\n\nif sys.version_info > (3, 9):\n    def f(x):\n        return x * 2\nelse:\n    def f(x):\n        return x + x\n",
        "try:\n    import numpy\n\n    def f(x):\n        return numpy.multiply(x, 2)\nexcept ImportError:\n    def f(x):\n        return x * 2\n",
    ],
)  # fmt: skip
def test_a_function_that_is_defined_in_one_way_or_another_is_kept_in_both(program):
    found = candidate(
        "python", fenced("python", program + '\nif __name__ == "__main__":\n    for f in f(3):\n        print(f)\n')
    )
    assert found.split() == program.split()


@pytest.mark.parametrize("static", ["", "static "])
def test_a_function_may_be_a_field_of_a_class(static):
    found = candidate("javascript", f"class Solution {{\n  {static}f = (x) => x * 2;\n}}\n")
    assert f"return {'Solution' if static else 'new Solution()'}.f(x)" in found


BARE = {
    "cpp": "    int y = x * 2;\n    return y;",
    "java": "        int y = x * 2;\n        return y;",
    "javascript": "  const y = x * 2\n  return y",
    "go": "\ty := x * 2\n\treturn y",
}


@pytest.mark.parametrize("language", BARE)
def test_a_body_that_lacks_its_last_brace_gets_it_where_it_ends_in_a_return(language):
    whole = (PREFIXES[language] + BARE[language] + "\n}" + "\n}" * (language == "java")).split()
    for text in (BARE[language], BARE[language] + "\n", f"So it is:\n{fenced(language, BARE[language] + chr(10))}"):
        reading = read(language, PREFIXES[language], text)
        assert reading.mended == ("closing brace",)
        assert reading.candidate.split() == whole


@pytest.mark.parametrize("language", BARE)
@pytest.mark.parametrize("end", ["\n  if (x > 2) {\n    return 1", "\n  if (x > 2) { return 1 }", " + (", "\n  y = "])
def test_a_body_that_was_cut_gets_no_brace(language, end):
    body = BARE[language].rpartition("\n")[0]
    assert "closing brace" not in read(language, PREFIXES[language], body + end).mended


@pytest.mark.parametrize(
    "program",
    [
        "class Solution {\npublic:\n    int f(int x);\nprivate:\n    int g(int x);\n};\nint Solution::g(int x) {\n    return x * 2;\n}\n"
        "int Solution::f(int x) {\n    return g(x);\n}\n",
        "struct S {\n    static int f(int);\n};\n\nint S::f(int x) {\n    return x * 2;\n}\n",
    ],
)  # fmt: skip
def test_a_method_may_be_defined_outside_of_its_class(program):
    found = candidate("cpp", fenced("cpp", program + DEMO["cpp"]))
    assert found.startswith(program.rstrip())
    assert f"return {program.split()[1]}().f(x);" in found
    assert "main" not in found


TURNS = {
    "a human": "\n\nHuman: Write one that triples.\n\nAssistant: {}",
    "a user": "\n\nUSER: And one that triples?\nASSISTANT:\n{}",
    "an instruction": "\n\n### Instruction:\nNow triple.\n\n### Response:\n{}",
}


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("in_fences", [False, True])
def test_another_turn_of_a_conversation_is_no_part_of_the_answer(language, turn, in_fences):
    program = fenced(language, PROGRAMS[language]) if in_fences else PROGRAMS[language]
    reading = read(language, PREFIXES[language], program + TURNS[turn].format(program.replace("x * 2", "x * 3")))
    assert reading.candidate == candidate(language, program)
    assert "another turn" in reading.mended


@pytest.mark.parametrize("language", PROGRAMS)
def test_a_conversation_that_is_repeated_first_is_none_of_it(language):
    program = fenced(language, PROGRAMS[language])
    text = f"Below is an instruction.\n\n### Instruction:\nDouble x.\n\n### Response:\n{program}"
    assert candidate(language, text) == candidate(language, program)
