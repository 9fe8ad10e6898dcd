"""What is special to Rust in a jail: stubs and dispatchers, the values that cross, panics, how checks are counted.

Programs run through a real agent; what every language has in common is tested elsewhere.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agents import Agent

from humaneval_x.answers import opened
from humaneval_x.languages.declared import declared
from humaneval_x.runners.toolchains import prepared
from sandboxes.rust import program, steps

LIMITS = dict(cpu_s=10, wall_s=60, memory_mib=1024, output_bytes=1 << 20, processes=64, file_mib=64)
RIGHT = "fn f(x: i32) -> i32 { x + 1 }\n"
TESTS = """#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one() {
        assert_eq!(f(1), 2);
    }

    #[test] // fn two() {}
    #[allow(unused)]
    fn two() {
        assert!(f(2) == 3, "of {}", 2);
    }
}
"""

pytestmark = pytest.mark.rust


class Judge(Agent):
    """Asked for one Rust program at a time."""

    def __call__(
        self, candidate: str, tests: str = TESTS, head: str = "fn f(x: i32) -> i32", before: str = "", **parts: Any
    ) -> dict[str, Any]:
        said = declared("rust", opened("rust", f"{before}{head} {{\n"))
        answer = self.ask(
            "rust", {"compile": LIMITS, "run": LIMITS}, preamble="", candidate=candidate, tests=tests, declared=said,
            expected_checks=2 if tests is TESTS else None, **parts,
        )  # fmt: skip
        assert "fault" not in answer, answer
        return answer


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with tempfile.TemporaryDirectory(prefix="rust-") as name:  # pytest's own folders are closed to the program's user
        made = Path(name)
        made.chmod(0o755)
        shutil.copytree(prepared() / "rust", made / "warm" / "rust")  # where the program's user may read it
        for each in prepared().iterdir():
            if each.is_file():
                shutil.copy(each, made / "warm")
        agent = Judge(made / "warm", made / "scratch")
        yield agent
        agent.close()


HONEST = {
    "plain": RIGHT,
    "a main, tests and attributes of its own": f"#![allow(dead_code)]\n{RIGHT}fn main() {{}}\n{TESTS}",
    "names of the harness": f"mod tests {{}} mod hx {{}} struct Vec; macro_rules! vec {{ () => {{}} }} {RIGHT}",
    "catches a panic": "fn f(x: i32) -> i32 { std::panic::catch_unwind(|| { panic!() }).unwrap_or(x + 1) }\n",
    "a number of another type": "fn f(x: i32) -> u64 { x as u64 + 1 }\n",
    "prints without a line's end, and uses what the published declarations import": "use rand::Rng; use regex::Regex;\n"
    'fn f(x: i32) -> i32 { print!("{:x}", md5::compute("a")); rand::thread_rng().gen_range(x, x + 1) + Regex::new("a").unwrap()'
    '.find("a").unwrap().end() as i32 }\n',
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_program_passes(judge: Judge, name: str) -> None:
    verdict = judge(HONEST[name])
    assert (verdict["status"], verdict["checks"]) == ("passed", 2), verdict
    assert verdict["stdout"] == ("0cc175b9c0f1b6a831c399e269772661" * 2 if "print" in name else "")


FAILS = {
    "wrong": ("fn f(x: i32) -> i32 { x }\n", "wrong_answer"),
    "another type": ("fn f(x: i32) -> String { x.to_string() }\n", "runtime_error"),
    "too large a number": ("fn f(x: i32) -> i64 { x as i64 + (1 << 32) + 1 }\n", "runtime_error"),
    "an overflow, which a build for tests checks": ("fn f(x: i32) -> i32 { x + i32::MAX }\n", "runtime_error"),
    "takes another type": ("fn f(x: &i32) -> i32 { x + 1 }\n", "compile_error"),
    "is not there": ("fn g(x: i32) -> i32 { x + 1 }\n", "compile_error"),
    "a type that equals everything": (
        "struct S; impl PartialEq<i32> for S { fn eq(&self, _: &i32) -> bool { true } }\nfn f(x: i32) -> S { S }\n",
        "compile_error",
    ),
    "ends": ("fn f(x: i32) -> i32 { std::process::exit(0) }\n", "tampered"),
    "no memory": (
        'fn f(x: i32) -> i32 { let mut a = vec![]; loop { a.push("x".repeat(1 << 24)); } }\n',
        "memory_exceeded",
    ),
    "no end of the stack": ("fn f(x: i32) -> i32 { if x == i32::MIN { 0 } else { f(x - 1) + 1 } }\n", "runtime_error"),
}


@pytest.mark.parametrize("name", FAILS)
def test_a_program_that_is_not_right_fails_and_how(judge: Judge, name: str) -> None:
    text, status = FAILS[name]
    verdict = judge(text)
    assert verdict["status"] == status, verdict


def test_a_problem_may_have_a_main_before_its_function(judge: Judge) -> None:
    """HumanEvalPack's prompts begin with one."""
    assert judge(f"fn main(){{}}\n{RIGHT}", before="fn main(){}\n")["status"] == "passed"


def test_a_failed_check_says_with_what_it_was_called_and_counts(judge: Judge) -> None:
    verdict = judge("fn f(x: i32) -> i32 { x }\n", all_checks=True)
    assert (verdict["checks"], verdict["failures"]) == (2, 2)
    assert (verdict["called_with"], verdict["expected"], verdict["got"]) == ("1", "2", "1")


def test_negated_tests_run_on_the_recorded_answers(judge: Judge) -> None:
    negated = TESTS.replace("2);", "3);").replace("== 3", "!= 3")
    assert judge(RIGHT, negated=negated)["negated"]["status"] == "wrong_answer"
    assert judge(RIGHT, negated=TESTS)["negated"]["status"] == "passed"


def test_answers_too_large_to_be_recorded_end_the_tests(judge: Judge) -> None:
    tests = "#[test]\nfn large() {\n" + "    assert_eq!(f(1).len(), 35_000_000);\n" * 4 + "}\n"
    tests = f"#[cfg(test)]\nmod tests {{\nuse super::*;\n{tests}}}\n"
    large = 'fn f(x: i32) -> String { "x".repeat(35_000_000) }\n'
    verdict = judge(large, tests, "fn f(x: i32) -> String", negated=tests)
    assert (verdict["status"], verdict["reason"]) == ("memory_exceeded", "its answers are too large to be recorded")


HEAD = (
    "fn f<'a>(a: Vec<&'a str>, b: &[f32], mut c: &mut Vec<i64>, d: (char, Option<bool>), e: HashMap<String, [u8; 2]>, "
    "g: Box<dyn Any>, h: HashSet<u64>) -> Kind<String>"
)
BEFORE = """use std::any::Any;
use std::collections::{HashMap, HashSet};
#[derive(Debug, PartialEq)]
pub enum Kind<S> { Nothing, Both(S, f32), Of(i64) }
"""
ALL_TYPES = """#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn all() {
        let mut c = vec![-1, 1 << 40];
        let e = HashMap::from([("k".to_string(), [1, 255])]);
        let h = HashSet::from([u64::MAX]);
        let got = f(vec!["ä", ""], &[0.1, -0.0], &mut c, ('\\u{1f600}', None), e, Box::new("any"), h);
        assert_eq!(got, Kind::Both("ä [0.1, -0.0] '😀' None {\\"k\\": [1, 255]} any 18446744073709551615".to_string(), 0.5));
        assert_eq!(c, vec![1 << 40, -1, 7]);
    }
}
"""


def test_values_of_all_kinds_cross_as_they_are_and_changed_arguments_come_back(judge: Judge) -> None:
    body = (
        "{ c.reverse(); c.push(7); let g = g.downcast_ref::<&str>().unwrap();\n"
        'Kind::Both(format!("{}{} {:?} {:?} {:?} {:?} {} {}", a[0], a[1], b, d.0, d.1, e, g, h.iter().next().unwrap()), 0.5) }\n'
    )
    verdict = judge(BEFORE + HEAD + body, ALL_TYPES, HEAD, BEFORE)
    assert (verdict["status"], verdict["checks"]) == ("passed", 2), verdict


def test_the_crates_without_a_vendor_do_what_theirs_do(tmp_path: Path) -> None:
    text = """use rand::Rng;
fn main() {
    for size in [0, 1, 55, 56, 63, 64, 119, 120, 1000] { println!("{:x}", md5::compute("a".repeat(size))); }
    let mut random = rand::thread_rng();
    let mut all = vec![1, 2, 3, 4];
    random.shuffle(&mut all);
    all.sort();
    assert_eq!(all, [1, 2, 3, 4]);
    for _ in 0..1000 { assert!((-3..5).contains(&random.gen_range(-3, 5))); assert!(random.gen::<f64>() < 1.0); }
}
"""
    (tmp_path / "main.rs").write_text(text)
    warm = prepared() / "rust"
    crates = [f"--extern={name}={warm / f'lib{name}.rlib'}" for name in ("rand", "md5")]
    subprocess.run([*steps.COMPILER, *crates, "main.rs", "-o", "main"], cwd=tmp_path, check=True)
    lines = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=True).stdout.split()
    assert lines == [hashlib.md5(b"a" * size).hexdigest() for size in (0, 1, 55, 56, 63, 64, 119, 120, 1000)]


def test_tests_in_comments_strings_and_nested_modules_are_told_apart() -> None:
    text = """/* #[test] fn not() {} /* nested */ #[test] fn nor() {} */
// #[test] fn neither() {}
const A: &str = "#[test] fn never() {"; const B: char = '"'; const C: &str = r#"#[test] fn "no() {}"#;
#[test] fn top() {}
mod outer { pub mod inner { #[test]
    pub fn deep<'a>() { let _: &'a str = "}"; } }
    #[test] fn shallow() {} }
mod beside { #[test] fn other() {} }
"""
    made, names = program.opened(text)
    assert names == ["top", "outer::inner::deep", "outer::shallow", "beside::other"]
    assert "pub fn shallow" in made and "pub mod outer" in made and "pub pub" not in made
