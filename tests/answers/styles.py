"""Ways in which models write a solution, as functions of a problem and a body: continuations, whole programs, chat.

What must not be judged holds the word `qqz`, so that a test can say that none of it is left. Bodies are taken as they
are, right or wrong: the same styles around a mutant have to give the mutant.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass

from humaneval_x.languages import BY_PREFIX
from humaneval_x.records import Problem


@dataclass(frozen=True)
class Material:
    """One problem and one body, with what the styles put around it."""

    language: str
    tag: str
    body: str  # what continues the prompt
    whole: str  # the prompt and the body
    name: str


MAIN = {
    "python": 'if __name__ == "__main__":\n    qqz = 1\n    print({name}, qqz)\n',
    "cpp": "#include <iostream>\nint main() {{\n    int qqz = 1;\n    std::cout << qqz << std::endl;\n    return 0;\n}}\n",
    "java": 'class QqzDemo {{\n    public static void main(String[] qqz) {{\n        System.out.println("{name}");\n    }}\n}}\n',
    "javascript": "if (require.main === module) {{\n  const qqz = 1;\n  console.log({name}, qqz);\n}}\n",
    "go": "func main() {{\n\tqqz := 1\n\tfmt.Println({name}, qqz)\n}}\n",
}
TESTS = {
    "python": "import unittest_qqz\n\n\nclass TestQqz(unittest_qqz.TestCase):\n    def test_it(self):\n        self.assertTrue({name})\n",
    "cpp": "#include <gtest/qqz.h>\nTEST(Qqz, It) {{\n    EXPECT_TRUE({name});\n}}\n",
    "java": "class QqzTest {{\n    @Test\n    public void qqz() {{\n        assertTrue(new Solution() != null);\n    }}\n}}\n",
    "javascript": "describe('qqz', () => {{\n  it('qqz', () => {{\n    expect({name}).toBe(true);\n  }});\n}});\n",
    "go": 'func TestQqz(t *testing.T) {{\n\tif {name} == nil {{\n\t\tt.Fatal("qqz")\n\t}}\n}}\n',
}
SHOWN = {
    "python": "print({name}, 'qqz')\n",
    "cpp": 'void qqz_show() {{\n    printf("%p", (void*)&{name});\n}}\n',
    "java": "class QqzShow {{\n    static Object qqz() {{ return new Solution(); }}\n}}\n",
    "javascript": "console.log({name}, 'qqz');\n",
    "go": "func qqzShow() interface{{}} {{\n\treturn {name}\n}}\n",
}
PROSE = "\nThe qqz function walks through its input once, so that it needs {{no more}} than linear time. It's done.\n"
LIST = "\n1. First, qqz takes {{a, b}}.\n2. Then it's returned.\n\n- **qqz**: `O(n)`\n"
CHINESE = "\n\u8bf4\u660e\uff1aqqz \u5faa\u73af {{d * d <= n}}\u3002\n"
PYTHON_AFTER = "\nPython:\ndef qqz(n):\n    return n > 1 and {{n}} and all(n % d for d in range(2, n))\n"
CSHARP_AFTER = (
    "\nC#:\npublic static bool Qqz(int n) {{\n    return Enumerable.Range(2, n).All(qqz => n % qqz != 0);\n}}\n"
)
CPP_AFTER = "\nC++:\n#include <qqz.h>\nbool qqz(long long n) {{\n    return n > 1;\n}}\n"
JAVA_AFTER = "\nJava code:\nclass Qqz {{\n    boolean qqz(int n) {{ return n > 1; }}\n}}\n"
ENDS = (
    "<|endoftext|>",
    "<|im_end|>",
    "</s>",
    "<\uff5cend\u2581of\u2581sentence\uff5c>",
    "<|eot_id|>",
    "<end_of_turn>",
    "<|file_sep|>",
)
Style = Callable[[Material], str]


def fenced(text: str, tag: str = "", mark: str = "```") -> str:
    return f"{mark}{tag}\n{text.rstrip()}\n{mark}\n"


def after(text: str) -> Style:
    return lambda m: m.body.rstrip() + "\n" + text.format(name=m.name)


def token(text: str) -> Style:
    return lambda m: m.body.rstrip() + text


CONTINUATIONS: dict[str, Style] = {
    "the body": lambda m: m.body,
    "the body, stripped at its end": lambda m: m.body.rstrip(),
    "prose after": after(PROSE),
    "a list after": after(LIST),
    "Chinese after": after(CHINESE),
    "a heading after": after("\n### Explanation of qqz\n\nIt is {{qqz}}.\n"),
    "Python after": after(PYTHON_AFTER),
    "C# after": after(CSHARP_AFTER),
    "C++ after": after(CPP_AFTER),
    "Java after": after(JAVA_AFTER),
    "the function again": lambda m: m.body.rstrip() + "\n\n" + m.whole.replace("\n", "\n", 1),
    "a main after": lambda m: m.body.rstrip() + "\n\n" + MAIN[m.language].format(name=m.name),
    "tests after": lambda m: m.body.rstrip() + "\n\n" + TESTS[m.language].format(name=m.name),
    "a call after": lambda m: m.body.rstrip() + "\n\n" + SHOWN[m.language].format(name=m.name),
    "a fence and prose after": after("```\n" + PROSE),
    "a fence and other code after": after("```\n\n```text\nqqz {{\n```\n"),
    "another turn after": lambda m: m.body.rstrip() + "\n\nHuman: And qqz?\n\nAssistant: qqz\n",
    "a byte order mark": lambda m: "\ufeff" + m.body,
    "carriage returns": lambda m: m.body.replace("\n", "\r\n"),
    "non-breaking spaces at the seam": lambda m: m.body.replace("    ", "\u00a0\u00a0\u00a0\u00a0", 1) if m.body.startswith("    ") else m.body,
    **{f"{each} after": token(each) for each in ENDS},
}  # fmt: skip
PROGRAMS: dict[str, Style] = {
    "the prompt and the body": lambda m: m.whole,
    "a whole program and a main": lambda m: m.whole.rstrip() + "\n\n" + MAIN[m.language].format(name=m.name),
    "a whole program and tests": lambda m: m.whole.rstrip() + "\n\n" + TESTS[m.language].format(name=m.name),
    "a whole program and a call": lambda m: m.whole.rstrip() + "\n\n" + SHOWN[m.language].format(name=m.name),
    "a whole program after a byte order mark": lambda m: "\ufeff" + m.whole,
    "a whole program with carriage returns": lambda m: m.whole.replace("\n", "\r\n"),
    "a whole program and an end token": lambda m: m.whole.rstrip() + "<|im_end|>\nqqz",
    "a whole program and prose": lambda m: m.whole.rstrip() + "\n" + PROSE.format(name=m.name),
    "an answer in words": lambda m: f"**Answer:** {m.whole.lstrip()}",
    "prose and a whole program": lambda m: "Here is qqz, the function:\n\n" + m.whole,
}
CHAT: dict[str, Style] = {
    "a fence": lambda m: fenced(m.whole, m.tag),
    "a fence without a word": lambda m: fenced(m.whole),
    "a tilde fence": lambda m: fenced(m.whole, m.tag, "~~~"),
    "four backticks": lambda m: fenced(m.whole, m.tag, "````"),
    "a fence that does not end": lambda m: f"Sure:\n```{m.tag}\n{m.whole}",
    "prose around a fence": lambda m: "Sure! Here's qqz:\n\n" + fenced(m.whole, m.tag) + PROSE.format(name=m.name),
    "a fence with carriage returns": lambda m: ("Sure.\n\n" + fenced(m.whole, m.tag)).replace("\n", "\r\n"),
    "a fence in a list": lambda m: "1. qqz:\n\n" + "".join(f"   {line}\n" for line in fenced(m.whole, m.tag).splitlines()),
    "an installation before": lambda m: fenced("npm install qqz --save-dev qqz qqz qqz " * 30, "bash") + "\n" + fenced(m.whole, m.tag),
    "a use after": lambda m: fenced(m.whole, m.tag) + "\nTo try it:\n\n" + fenced(SHOWN[m.language].format(name=m.name) * 12, m.tag),
    "tests after in a block": lambda m: fenced(m.whole, m.tag) + "\nA test:\n\n" + fenced(TESTS[m.language].format(name=m.name), m.tag),
    "output after": lambda m: fenced(m.whole, m.tag) + "\nOutput:\n" + fenced("qqz\n1 2 3"),
    "thoughts before": lambda m: "<think>\nIs it qqz?\n```\nqqz {\n```\nNo.\n</think>\n\n" + fenced(m.whole, m.tag),
    "thoughts whose beginning is in the prompt": lambda m: "qqz? {No.\n</think>\n" + fenced(m.whole, m.tag),
    "thinking before": lambda m: "<thinking>qqz</thinking>\n" + m.whole,
    "a channel of thoughts": lambda m: f"<|channel|>analysis<|message|>qqz<|end|><|start|>assistant<|channel|>final<|message|>{fenced(m.whole, m.tag)}<|return|>",
    "tags in brackets": lambda m: f"[{m.tag.upper()}]\n{m.whole.rstrip()}\n[/{m.tag.upper()}]\n",
    "tags of code": lambda m: f"<code>\n{m.whole.rstrip()}\n</code>\n",
    "a fence and an end token": lambda m: fenced(m.whole, m.tag).rstrip() + "<|eot_id|>",
    "a role before": lambda m: "<|im_start|>assistant\n" + fenced(m.whole, m.tag) + "<|im_end|>",
    "a web page": lambda m: f'<pre><code class="language-{m.tag}">{html.escape(m.whole)}</code></pre>\n<p>qqz</p>\n',
    "character data": lambda m: f"<answer><![CDATA[{m.whole.rstrip()}]]></answer>\n",
    "a call of a tool": lambda m: f"<tool_call>\n{json.dumps({'name': 'qqz', 'arguments': {'content': m.whole}})}\n</tool_call>",
    "numbered lines": lambda m: fenced("".join(f"{n:3} | {line}\n" for n, line in enumerate(m.whole.splitlines(), 1)), m.tag),
    "the body alone in a fence": lambda m: fenced(m.body, m.tag),
    "a glued fence": lambda m: f"The code: ```{m.tag}\n{m.whole.rstrip()}```\nqqz",
}  # fmt: skip
STYLES = CONTINUATIONS | PROGRAMS | CHAT


def material(problem: Problem, body: str, name: str) -> Material:
    """Return a problem and a body as the styles take them."""
    language = BY_PREFIX[problem.prefix].NAME
    return Material(language=language, tag=language, body=body, whole=problem.prompt + body, name=name)
