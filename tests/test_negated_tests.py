"""`--negated_tests`: what passes is run once more with wrong expectations, and has to fail."""

from __future__ import annotations

import json

import pytest
from official import official
from runs import fresh_canonicals, judge, samples_of

from humaneval_x.answers import blank
from humaneval_x.languages import cpp, python
from humaneval_x.results import read_rows
from humaneval_x.settings import EvaluationSettings

WEAK = """
bool issame(vector<float> a, vector<float> b) {
    if (a.size() != b.size()) return false;
    for (int i = 0; i < a.size(); i++) if (fabs(a[i] - b[i]) > 1e-4) return false;
    return true;
}
int main() {
    assert (issame(halves({1, 2}), {0.5, 1}));
}
"""  # finds NaN equal to everything, as the official files do
HEAD = "#include<math.h>\n#include<vector>\nusing namespace std;\n#include<stdlib.h>\nvector<float> halves(vector<float> numbers){\n"
RIGHT = "    for (float &n : numbers) n /= 2;\n    return numbers;\n}\n"
BLIND = "    for (float &n : numbers) n = NAN;\n    return numbers;\n}\n"


@pytest.fixture
def weak_problem(tmp_path):
    """A problem set of one task whose tests let NaN pass."""
    folder = tmp_path / "weak"
    folder.mkdir()
    row = {
        "task_id": "CPP/0", "prompt": HEAD, "declaration": HEAD, "canonical_solution": RIGHT,
        "test": "#undef NDEBUG\n#include<assert.h>\n" + WEAK, "example_test": "",
    }  # fmt: skip
    (folder / "humaneval_cpp.jsonl").write_text(json.dumps(row) + "\n")
    return folder


def verdicts(folder):
    """In the order of the samples; rows come as programs end."""
    return [row.verdict for row in sorted(read_rows(folder), key=lambda row: row.sample_index)]


@pytest.mark.long
def test_every_canonical_solution_passes_and_every_check_could_be_made_wrong(sandbox, tmp_path):
    samples = samples_of(tmp_path / "s.jsonl", fresh_canonicals())
    scores = judge(samples, tmp_path / "out", sandbox, settings=EvaluationSettings(negated_tests=True))
    found = verdicts(tmp_path / "out")
    assert {verdict.status.value for verdict in found} == {"passed"}
    assert {verdict.not_negated for verdict in found} == {0}
    assert scores["programs"]["published"]["not_negated"] == 0


def test_what_passes_without_looking_is_tampered(weak_problem, sandbox, tmp_path):
    samples = samples_of(tmp_path / "s.jsonl", [("CPP/0", RIGHT), ("CPP/0", BLIND)])
    judge(samples, tmp_path / "plain", sandbox, problems=str(weak_problem))
    assert [verdict.passed for verdict in verdicts(tmp_path / "plain")] == [True, True]
    judge(
        samples,
        tmp_path / "negated",
        sandbox,
        problems=str(weak_problem),
        settings=EvaluationSettings(negated_tests=True),
    )
    right, blind = verdicts(tmp_path / "negated")
    assert right.passed
    assert blind.status.value == "tampered"
    assert blind.reason == "it also passes when the expected values are wrong"


def test_what_cannot_be_made_wrong_in_the_official_tests_is_known():
    """The list in docs/evaluate.md. Java, JavaScript and Go have none (tests/languages/test_negate.py)."""
    left = {
        each.task_id: count
        for each in official("cpp")
        if (count := cpp.negate(each.test, blank(cpp.NAME, each.test))[1])
    }
    assert left == {"CPP/38": 1, "CPP/44": 1, "CPP/50": 1, "CPP/53": 1, "CPP/151": 1}
    plain = [each for each in official("python") if python.negate(each.test, blank(python.NAME, each.test))[1]]
    assert len(plain) == 36
    assert all(
        python.negate(each.test, blank(python.NAME, each.test))[1] == each.test.count("assert True") for each in plain
    )
