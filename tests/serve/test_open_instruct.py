"""open-instruct's calls: assertions and inputs, plain and packed; a forged or a missing result is no passed test."""

from __future__ import annotations

import base64
import pickle
import zlib

import pytest
from services import Service

ADD = "def add(a, b):\n    return a + b\n"
TESTS = ["assert add(1, 2) == 3", "assert add(-1, 1) == 0", "assert add(0, 0) == 1"]
LINES = "import sys\nfor line in sys.stdin:\n    print(int(line) + 1)\n"


def packed(tests: object) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(tests))).decode()


@pytest.mark.parametrize("tests", [TESTS, packed(TESTS)], ids=["list", "packed"])
def test_each_assertion_is_judged_for_itself(service: Service, tests: object) -> None:
    answer = service.post("/test_program", {"program": ADD, "tests": tests, "max_execution_time": 1.0}).json()
    assert answer["results"] == [1, 1, 0]
    assert [seconds > 0 for seconds in answer["runtimes"]] == [True, True, False]


@pytest.mark.parametrize(
    "program",
    [
        "import sys\nsys.exit(0)\n",
        "import os\nos._exit(0)\n",
        "def add(a, b):\n    import os\n    os._exit(0)\n",
        "class T(int):\n    def __eq__(self, other):\n        return True\ndef add(a, b):\n    return T(7)\n",
        "while True: pass\n",
        "this is no program",
    ],
)
def test_a_program_that_does_not_answer_passes_nothing(service: Service, program: str) -> None:
    assert service.post("/test_program", {"program": program, "tests": TESTS}).json()["results"] == [0, 0, 0]


def test_inputs_are_judged_by_what_is_printed(service: Service) -> None:
    tests = [
        {"input": "1\n", "output": "2\n"},
        {"input": "100\n2\n", "output": "101\n3"},
        {"input": "1", "output": "1"},
    ]
    for given in (tests, packed(tests)):
        answer = service.post("/test_program_stdio", {"program": LINES, "tests": given}).json()
        assert answer["results"] == [1, 1, 0]


def test_a_pickle_that_would_run_something_is_refused(service: Service) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return print, ("ran",)

    for tests in (packed([Evil()]), packed(TESTS)[:-8], "!", base64.b64encode(b"x").decode()):
        answer = service.post("/test_program", {"program": ADD, "tests": tests})
        assert answer.status_code == 422 and answer.json()["error"].startswith("tests: cannot be unpacked")


@pytest.mark.parametrize("test", ["assert one(1) == two(2)", "assert Solution().add(1, 2) == 3"])
def test_an_assertion_that_cannot_be_judged_apart_is_refused(service: Service, test: str) -> None:
    answer = service.post("/test_program", {"program": ADD, "tests": [TESTS[0], test]})
    assert answer.status_code == 422 and answer.json()["error"].startswith("tests[1]: calls ")


@pytest.mark.parametrize(
    "test",
    [
        "x = 3\nassert add(1, 2) == x",
        "assert math.isclose(add(0.1, 0.2), 0.3)",
        "assert sorted([add(2, 2), add(1, 1)]) == [2, 4]",
        "assert str(add(1, 2)).zfill(2) == '03'",
    ],
)
def test_what_an_assertion_provides_itself_is_its_own(service: Service, test: str) -> None:
    assert service.post("/test_program", {"program": ADD, "tests": [test]}).json()["results"] == [1]


def test_health_is_theirs(service: Service) -> None:
    import requests

    assert requests.get(f"{service.address}/health").json() == {"status": "healthy"}
