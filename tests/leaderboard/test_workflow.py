"""The leaderboard's workflow: valid, without logic of its own, and its own steps do what they say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from machine import ROOT
from ruamel.yaml import YAML

WORKFLOW = ROOT / ".github" / "workflows" / "leaderboard.yml"


def workflow():
    return YAML(typ="safe").load(WORKFLOW.read_text())


def runs():
    return [step["run"] for job in workflow()["jobs"].values() for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("path", sorted(WORKFLOW.parent.glob("*.yml")), ids=lambda path: path.name)
def test_it_is_valid_by_githubs_schema(path):
    argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.returncode == 0, done


def test_every_step_that_runs_is_a_make_target_that_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert len(runs()) == 11
    for line in runs():
        assert (found := re.fullmatch(r"make ([a-z-]+)(?: [A-Z]+=\S+)*", re.sub(r"\$\{\{[^}]*\}\}", "1", line))), line
        assert found[1] in targets, line


def test_no_job_may_both_judge_and_write_to_the_repository():
    jobs = workflow()["jobs"]
    assert workflow()["permissions"] == {}
    assert jobs["check"]["permissions"] == {"contents": "read"}
    assert not [
        line for line in (step.get("run", "") for step in jobs["comment"]["steps"]) if "check" in line or "site" in line
    ]
    for job in jobs.values():
        assert all("ref" not in step.get("with", {}) for step in job["steps"])  # never the code of a pull request


def test_the_schema_of_submissions_is_a_schema():
    argv = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--check-metaschema",
        str(ROOT / "humaneval_x" / "leaderboard" / "submission.schema.json"),
    ]
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.returncode == 0, done


class Forge:
    """A repository with pull requests, and a clone of its main branch with our script."""

    def __init__(self, place: Path) -> None:
        self.origin, self.clone = place / "origin", place / "clone"
        self.origin.mkdir()
        self.git("init", "-q", "-b", "main")
        self.write({"submissions/old/submission.json": "{}", "README.md": "ours"})
        (self.origin / "scripts").mkdir()
        shutil.copy2(ROOT / "scripts" / "leaderboard-submission", self.origin / "scripts")
        self.commit()
        subprocess.run(["git", "clone", "-q", str(self.origin), str(self.clone)], check=True)

    def git(self, *words):
        argv = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
        subprocess.run(argv, cwd=self.origin, check=True, capture_output=True)

    def write(self, files):
        for name, text in files.items():
            path = self.origin / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if text is not None and text.startswith("->"):
                path.symlink_to(text[2:])
            elif text is not None:
                path.write_text(text)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def request(self, files):
        self.git("checkout", "-q", "-b", "theirs")
        self.write(files)
        self.commit()
        self.git("update-ref", "refs/pull/7/head", "HEAD")
        self.git("checkout", "-q", "main")
        argv = ["scripts/leaderboard-submission", "7", "build"]
        return subprocess.run(argv, cwd=self.clone, capture_output=True, text=True)


def test_a_pull_requests_submission_is_taken_as_data(tmp_path):
    forge = Forge(tmp_path)
    done = forge.request(
        {
            "submissions/new/submission.json": json.dumps({"model": "x"}),
            "submissions/new/samples.jsonl.gz": "-> /etc/passwd",
        }
    )
    assert (done.returncode, done.stdout) == (0, "build/submissions/new\n"), done
    assert [path.name for path in (forge.clone / "build" / "submissions").iterdir()] == ["new"]
    assert (forge.clone / "build/submissions/new/samples.jsonl.gz").is_symlink()  # which the check refuses
    assert (forge.clone / "README.md").read_text() == "ours"


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (
            {"README.md": "theirs"},
            "it changes no folder submissions/<name>; names are of small letters, digits, '.', '_' and '-'",
        ),
        (
            {"submissions/../Makefile": "x"},
            "it changes no folder submissions/<name>; names are of small letters, digits, '.', '_' and '-'",
        ),
        (
            {"submissions/a/submission.json": "1", "submissions/b/submission.json": "1"},
            "it changes more than one submission; make a pull request for each",
        ),
        (
            {"submissions/a/submission.json": "1", "README.md": "theirs"},
            "it changes more than its submission: README.md",
        ),
        (
            {"submissions/a/submission.json": "1", "submissions/a/sub/dir": "x"},
            "it changes more than its submission: submissions/a/sub/dir",
        ),
        ({"submissions/old/submission.json": None}, "it removes the submission old"),
        (
            {"submissions/$(touch x)/submission.json": "1"},
            "it changes no folder submissions/<name>; names are of small letters, digits, '.', '_' and '-'",
        ),
    ],
)
def test_a_pull_request_that_is_more_or_less_than_a_submission_is_refused(files, line, tmp_path):
    done = Forge(tmp_path).request(files)
    assert (done.returncode, done.stderr) == (2, f"pull request 7: {line}\n"), done
    assert (
        tmp_path / "clone/build/row.md"
    ).read_text() == "Not published: this is not one submission and nothing else; see the job's log.\n"
