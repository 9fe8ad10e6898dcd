"""`evaluate.py`: judge samples, check the ground truth, look the machine over, fetch the problems."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from humaneval_x.commands import call, numbers, texts
from humaneval_x.errors import OptionError, unknown
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS


class Problems:
    """The problem sets: list, fetch, verify."""

    def list(self) -> None:
        """Show the problem sets and where they are."""
        from humaneval_x.problems import list_sets

        for listed in list_sets():
            print(listed)

    def fetch(self, directory: str | None = None, base_url: str | None = None) -> None:
        """Download the official 820 problems and check their SHA-256; goes on where it was cut off.

        Args:
            directory: where to; default the user's cache folder, where `run` finds them
            base_url: another address that holds the files
        """
        from humaneval_x.problems import fetch

        for check in fetch(directory, base_url):
            print(check)

    def verify(self, directory: str | None = None) -> None:
        """Compare the official files with their pinned SHA-256; exit 1 if any differs."""
        from humaneval_x.problems import verify

        checks = verify(directory)
        for check in checks:
            print(check)
        if not all(check.ok for check in checks):
            sys.exit(1)


class Evaluate:
    """Judge model-written programs in a sandbox and report unbiased pass@k.

    Commands: run, ground_truth, doctor, problems. Each has --help.
    """

    def __init__(self) -> None:
        self.problems = Problems()

    def run(
        self,
        *samples: str,
        output: str | None = None,
        problems: str | None = None,
        errata: str = "published",
        tests: str = "hidden",
        rules: str = "ours",
        sandbox: str = "auto",
        workers: int | None = None,
        k: Any = (1, 10, 100),
        partial: bool = False,
        share: bool = True,
        cpu_s: float = RUN_LIMITS.cpu_s,
        wall_s: float = RUN_LIMITS.wall_s,
        memory_mib: int = RUN_LIMITS.memory_mib,
        compile_cpu_s: float = COMPILE_LIMITS.cpu_s,
        compile_wall_s: float = COMPILE_LIMITS.wall_s,
        compile_memory_mib: int = COMPILE_LIMITS.memory_mib,
        docker_image: str | None = None,
        docker_runtime: str | None = None,
    ) -> None:
        """Judge every sample; write DIR/verdicts.jsonl and DIR/scores.json; print the pass@k table.

        Run the same command again after an interruption: finished verdicts are kept.

        Args:
            samples: JSONL files (.gz by name): task_id, completion, optional sample_index and source_language
            output: the folder for the results; default results/<name of the samples file>
            problems: official, fresh, or a folder of humaneval_<lang>.jsonl[.gz]; default: as the task_ids say
            errata: published or corrected texts of the official problems
            tests: hidden tests, or the example tests of the docstrings
            rules: ours or reference: how completions are cut
            sandbox: auto, docker, bubblewrap or none
            workers: programs at once; default one per core
            k: for which k to report pass@k
            partial: score what is there where tasks or samples are missing, and mark it
            share: run identical programs once; --noshare runs each
            cpu_s: CPU seconds of a program's run
            wall_s: wall seconds of a program's run, waiting for a busy processor left out
            memory_mib: memory of a program's run
            compile_cpu_s: CPU seconds of its compilation
            compile_wall_s: wall seconds of its compilation
            compile_memory_mib: memory of its compilation
            docker_image: another image than the one built for this version
            docker_runtime: another OCI runtime, such as runsc
        """
        from humaneval_x.evaluation import Settings, evaluate
        from humaneval_x.reports.terminal import table

        if not samples:
            raise OptionError("SAMPLES is missing: give at least one .jsonl or .jsonl.gz file; see --help")
        settings = Settings(
            errata=choice("errata", errata),
            tests=choice("tests", tests),
            rules=choice("rules", rules),
            running=replace(RUN_LIMITS, cpu_s=cpu_s, wall_s=wall_s, memory_mib=memory_mib),
            compiling=replace(
                COMPILE_LIMITS, cpu_s=compile_cpu_s, wall_s=compile_wall_s, memory_mib=compile_memory_mib
            ),
        )
        if sandbox == "none":
            from humaneval_x.runners.bare import WARNING

            print(f"warning: {WARNING}", file=sys.stderr)
        report = evaluate(
            [str(each) for each in samples],
            output,
            problems=problems,
            settings=settings,
            sandbox=sandbox,
            docker_image=docker_image,
            docker_runtime=docker_runtime,
            workers=workers,
            k=numbers(k, "--k"),
            partial=partial,
            share=share,
        )
        print(table(report))

    def ground_truth(
        self,
        problems: str | None = None,
        languages: Any = None,
        errata: str = "published",
        sandbox: str = "auto",
        workers: int | None = None,
    ) -> None:
        """Judge the canonical solutions, from the prompt and from the declaration; exit 1 on a surprise.

        Exactly the known defects may fail. An unstable task is named and not tried again.

        Args:
            problems: official (default), fresh, or a folder
            languages: for example python,cpp; default all
            errata: published or corrected texts
            sandbox: auto, docker, bubblewrap or none
            workers: programs at once; default one per core
        """
        from humaneval_x.ground_truth import ground_truth

        truth = ground_truth(problems, texts(languages), choice("errata", errata), sandbox=sandbox, workers=workers)
        print(truth.table())
        if truth.surprises:
            sys.exit(1)

    def doctor(self, sandbox: str = "auto") -> None:
        """Look this machine over: what is installed, which sandbox would be used, a program per language.

        Args:
            sandbox: auto, docker, bubblewrap or none
        """
        from humaneval_x.doctor import examine

        healthy = True
        for finding in examine(sandbox):
            print(finding)
            healthy = healthy and finding.ok
        if not healthy:
            sys.exit(1)


def choice(option: str, value: Any) -> Any:
    """Return the enum member of an option's value. Raises OptionError naming what exists."""
    from humaneval_x.evaluation import Errata, Tests
    from humaneval_x.languages import Rules

    kinds: dict[str, Any] = {"errata": Errata, "tests": Tests, "rules": Rules}
    kind = kinds[option]
    if value not in list(kind):
        raise OptionError(unknown(f"--{option}", value, [member.value for member in kind]))
    return kind(value)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    call(Evaluate, argv, "evaluate.py")
