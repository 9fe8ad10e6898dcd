"""`evaluate.py`: judge samples, report, check the ground truth, look the machine over, fetch the problems."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from humaneval_x.commands import call, numbers, texts
from humaneval_x.errors import OptionError, SetupError, SubmissionError
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


class Leaderboard:
    """A folder of submissions becomes a static site: check, build."""

    def check(
        self,
        submission: str,
        problems: str = "official",
        results: str = "results/leaderboard",
        row: str | None = None,
        max_tampered: float = 0.01,
        sandbox: str = "auto",
        workers: int | None = None,
    ) -> None:
        """Check and judge one submission and print its row; refuse in one line what would not be published.

        Args:
            submission: its folder: submission.json and samples.jsonl.gz
            problems: official, fresh, or a folder
            results: where verdicts are kept between calls
            row: a file for what is printed, also where the submission is refused
            max_tampered: the share of programs that may have status tampered
            sandbox: auto, docker, bubblewrap or none
            workers: programs at once; default one per core
        """
        with extra_needed("report"):
            from humaneval_x import leaderboard
            from humaneval_x.files.whole import write_text
        asked = leaderboard.board(
            problems, results, max_tampered=share_of("--max_tampered", max_tampered), sandbox=sandbox, workers=workers
        )
        try:
            told = leaderboard.check(submission, asked)
        except SubmissionError as fault:
            if row is not None:
                leaderboard.write_refusal(Path(row), fault)
            raise
        print(told, end="")
        if row is not None:
            write_text(Path(row), told)

    def build(
        self,
        submissions: str,
        output: str = "results/site",
        problems: str = "official",
        results: str = "results/leaderboard",
        max_tampered: float = 0.01,
        sandbox: str = "auto",
        workers: int | None = None,
    ) -> None:
        """Judge what is new or changed and write the site; submissions that are refused are named and left out.

        Args:
            submissions: a folder that holds a folder for each submission
            output: the site: index.html, leaderboard.md, leaderboard.json, a report for each row
            problems: official, fresh, or a folder
            results: where verdicts are kept between calls
            max_tampered: the share of programs that may have status tampered
            sandbox: auto, docker, bubblewrap or none
            workers: programs at once; default one per core
        """
        with extra_needed("report"):
            from humaneval_x import leaderboard
        asked = leaderboard.board(
            problems, results, max_tampered=share_of("--max_tampered", max_tampered), sandbox=sandbox, workers=workers
        )
        built = leaderboard.build(submissions, output, asked)
        for reason in built.refused.values():
            print(f"refused: {reason}", file=sys.stderr)
        print(f"{len(built.rows)} published, {len(built.evaluated)} judged now, {len(built.refused)} refused")
        print(f"page: {Path(output) / 'index.html'}")


class Evaluate:
    """Judge model-written programs in a sandbox and report unbiased pass@k.

    Commands: run, convert, serve, report, leaderboard, ground_truth, doctor, problems. Each has --help.
    """

    def __init__(self) -> None:
        self.problems = Problems()
        self.leaderboard = Leaderboard()

    def run(
        self,
        *samples: str,
        output: str | None = None,
        problems: str | None = None,
        errata: str = "published",
        tests: str = "hidden",
        rules: str = "ours",
        sandbox: str = "auto",
        engine: str = "local",
        workers: int | None = None,
        k: Any = (1, 10, 100),
        partial: bool = False,
        share: bool = True,
        negated_tests: bool = False,
        twin: bool = False,
        cpu_s: float = RUN_LIMITS.cpu_s,
        wall_s: float = RUN_LIMITS.wall_s,
        memory_mib: int = RUN_LIMITS.memory_mib,
        compile_cpu_s: float = COMPILE_LIMITS.cpu_s,
        compile_wall_s: float = COMPILE_LIMITS.wall_s,
        compile_memory_mib: int = COMPILE_LIMITS.memory_mib,
        docker_image: str | None = None,
        docker_runtime: str | None = None,
        format: str = "auto",
        languages: Any = None,
    ) -> None:
        """Judge every sample; write DIR/verdicts.jsonl and DIR/scores.json; print the pass@k table.

        Run the same command again after an interruption: finished verdicts are kept.

        Args:
            samples: JSONL files (.gz by name): task_id, completion, optional sample_index and source_language;
                or files and folders of other harnesses, see --format
            output: the folder for the results; default results/<name of the samples file>
            problems: official, fresh, or a folder of humaneval_<lang>.jsonl[.gz]; default: as the task_ids say
            errata: published or corrected texts of the official problems
            tests: hidden tests, or the example tests of the docstrings
            rules: ours or reference: how completions are cut
            sandbox: auto, docker, bubblewrap or none
            engine: local, or ray: jails on every machine of a Ray cluster
            workers: programs at once; default one per core
            k: for which k to report pass@k
            partial: score what is there where tasks or samples are missing, and mark it
            share: run identical programs once; --noshare runs each
            negated_tests: run what passes once more with wrong expectations; what passes again is tampered
            twin: the old name of negated_tests, until the next release
            cpu_s: CPU seconds of a program's run
            wall_s: wall seconds of a program's run, waiting for a busy processor left out
            memory_mib: memory of a program's run
            compile_cpu_s: CPU seconds of its compilation
            compile_wall_s: wall seconds of its compilation
            compile_memory_mib: memory of its compilation
            docker_image: another image than the one built for this version
            docker_runtime: another OCI runtime, such as runsc
            format: auto recognises human-eval, evalplus, evalplus-folder, evalplus-results, multipl-e, bigcode,
                opencompass, lm-eval, inspect and rows of other keys, and says so; or one of these
            languages: the language of task ids that do not say theirs
        """
        from humaneval_x.evaluation import evaluate
        from humaneval_x.reports.terminal import table
        from humaneval_x.settings import Errata, EvaluationSettings, Rules, Tests, chosen

        if not samples:
            raise OptionError("SAMPLES is missing: give at least one .jsonl or .jsonl.gz file; see --help")
        settings = EvaluationSettings(
            errata=chosen(Errata, errata, "--errata"),
            tests=chosen(Tests, tests, "--tests"),
            rules=chosen(Rules, rules, "--rules"),
            negated_tests=negated_tests or renamed(twin),
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
            engine=engine,
            workers=workers,
            k=numbers(k, "--k"),
            partial=partial,
            share=share,
            asked=asked_for(format, languages),
        )
        print(table(report))

    def convert(
        self, samples: str, out: str, problems: str | None = None, format: str = "auto", languages: Any = None
    ) -> None:
        """Write samples of another harness as a samples file of ours.

        Args:
            samples: a file or folder
            out: the samples file to write, .jsonl or .jsonl.gz
            problems: as in run
            format: as in run
            languages: as in run
        """
        from humaneval_x.convert import convert

        told = convert([str(samples)], str(out), problems=problems, asked=asked_for(format, languages))
        for line in told.lines():
            print(line, file=sys.stderr)
        print(f"{out}: {told.samples} samples written")

    def report(
        self,
        *runs: str,
        output: str | None = None,
        html: str | None = None,
        samples: Any = None,
        problems: str | None = None,
        reference: bool = False,
        figures: str | None = None,
        baseline: str | None = None,
        fail_if_worse: float | None = None,
    ) -> None:
        """Write report.md, report.json and report.html of a run, or a comparison of several with the first.

        Args:
            runs: output folders of `run`; one for its report, more to compare
            output: the folder for what is written; default the run's, for a comparison results/comparison
            html: another place for the page; what it loads lies beside it
            samples: where the samples file is now, if it was moved
            problems: where the problems are now: official, fresh, or a folder
            reference: show the published figures too
            figures: a folder for the figures as PNG and SVG
            baseline: compare with this run, as the first
            fail_if_worse: exit 1 if overall pass@1 fell and p is below this, such as 0.05
        """
        with extra_needed("report"):
            from humaneval_x.reports.compare import comparison_tables, worse
            from humaneval_x.reports.tables import run_tables, show
            from humaneval_x.reports.write import write_comparison, write_run

            if figures is not None:
                from humaneval_x.reports.figures import write_figures
        folders = [str(each) for each in (*([] if baseline is None else [baseline]), *runs)]
        if not runs:
            raise OptionError("DIR is missing: give the output folder of a run; see --help")
        if fail_if_worse is not None and (baseline is None or len(runs) > 1):
            raise OptionError("--fail_if_worse compares one run with a --baseline; give both")
        if fail_if_worse is not None and not (isinstance(fail_if_worse, float | int) and 0 < fail_if_worse < 1):
            raise OptionError(f"--fail_if_worse has to be a p between 0 and 1, found {fail_if_worse!r}; such as 0.05")
        if len(folders) == 1:
            shown = write_run(
                folders[0], output=output, html=html, problems=problems, samples=texts(samples), reference=reference
            )
            tables = run_tables(shown)
        else:
            if samples is not None:
                raise OptionError("--samples goes with one run; a comparison shows no samples")
            output = output or "results/comparison"
            shown = write_comparison(folders, output, html=html, problems=problems, reference=reference)
            tables = comparison_tables(shown)
        show([table for section in tables.values() for table in section])
        if figures is not None:
            for path in write_figures(shown, figures):
                print(path)
        print(f"page: {shown_at(html, output or folders[0], shown['kind'])}")
        if fail_if_worse is not None and (fallen := worse(shown, fail_if_worse)):
            for each in fallen:
                told = f"{100 * each['value']:+.2f} points, p = {each['p']:.4f}"
                print(f"worse: {each['task']} pass@1 {told}", file=sys.stderr)
            sys.exit(1)

    def ground_truth(
        self,
        problems: str | None = None,
        languages: Any = None,
        errata: str = "published",
        sandbox: str = "auto",
        workers: int | None = None,
        negated_tests: bool = False,
        twin: bool = False,
    ) -> None:
        """Judge the canonical solutions, from the prompt and from the declaration; exit 1 on a surprise.

        Exactly the known defects may fail. An unstable task is named and not tried again.

        Args:
            problems: official (default), fresh, or a folder
            languages: for example python,cpp; default all
            errata: published or corrected texts
            sandbox: auto, docker, bubblewrap or none
            workers: programs at once; default one per core
            negated_tests: each solution that passes has to fail when the expectations are wrong
            twin: the old name of negated_tests, until the next release
        """
        from humaneval_x.ground_truth import ground_truth
        from humaneval_x.settings import Errata, chosen

        truth = ground_truth(
            problems,
            texts(languages),
            chosen(Errata, errata, "--errata"),
            sandbox=sandbox,
            workers=workers,
            negated_tests=negated_tests or renamed(twin),
        )
        print(truth.table())
        if truth.surprises:
            sys.exit(1)

    def serve(
        self,
        host: str = "127.0.0.1",
        port: int = 8080,
        workers: int | None = None,
        token_file: str | None = None,
        problems: str | None = None,
        sandbox: str = "auto",
        engine: str = "local",
        docker_image: str | None = None,
        docker_runtime: str | None = None,
        queue: int = 2048,
        body_mib: int = 32,
        memory_mib: int | None = None,
        drain_s: float = 60,
    ) -> None:
        """Judge over HTTP until SIGTERM or Ctrl-C: /v1/evaluate, /v1/run, and what other services' clients speak.

        Args:
            host: the address to listen on; one that others can reach needs a --token_file
            port: the port; 0 takes a free one and says which
            workers: programs at once; default one per core
            token_file: one token a line; requests have to carry one of them
            problems: official, fresh, or a folder; default both of the project's sets, as far as they are here
            sandbox: auto, docker, bubblewrap or none
            engine: local, or ray: jails on every machine of a Ray cluster
            docker_image: another image than the one built for this version
            docker_runtime: another OCI runtime, such as runsc
            queue: programs that one client may have waiting; beyond that it is told to come again
            body_mib: the largest body of a request
            memory_mib: the most memory that a request may ask for a program; default 4096
            drain_s: how long requests may still take after SIGTERM
        """
        with extra_needed("serve"):
            from humaneval_x.serve.server import serve
        serve(
            host,
            port,
            workers=workers,
            token_file=token_file,
            problems=problems,
            sandbox=sandbox,
            engine=engine,
            docker_image=docker_image,
            docker_runtime=docker_runtime,
            queue=queue,
            body_mib=body_mib,
            memory_mib=memory_mib,
            drain_s=drain_s,
        )

    def doctor(self, sandbox: str = "auto") -> None:
        """Look this machine over: what is installed, which sandbox would be used, a program per language.

        Exit 1 if something that judging needs is not there; each such line says what to do.

        Args:
            sandbox: auto, docker, bubblewrap or none
        """
        from humaneval_x.doctor import examine

        healthy = True
        for finding in examine(sandbox):
            print(finding)
            healthy = healthy and (finding.ok or not finding.needed)
        if not healthy:
            sys.exit(1)


def asked_for(format: str, languages: Any) -> Any:
    """Return how the samples are to be read. Raises OptionError."""
    from humaneval_x.formats import checked_name
    from humaneval_x.languages import language
    from humaneval_x.samples import Asked

    named = tuple(language(each).NAME for each in texts(languages))
    return Asked(format=checked_name(str(format)), languages=named)


def shown_at(html: str | None, folder: str, kind: str) -> Path:
    """Return where a report's page lies."""
    return Path(html) if html else Path(folder) / ("report.html" if kind == "run" else "comparison.html")


def renamed(twin: bool) -> bool:
    """Return the value of --twin, and say what it is called now where it is given."""
    if twin:
        print("note: --twin is now --negated_tests; the old name goes with the next release", file=sys.stderr)
    return twin


def share_of(option: str, value: Any) -> float:
    """Return an option's value as a share. Raises OptionError."""
    if isinstance(value, bool) or not isinstance(value, float | int) or not 0 <= value <= 1:
        raise OptionError(f"{option} has to be between 0 and 1, found {value!r}")
    return float(value)


@contextmanager
def extra_needed(extra: str) -> Iterator[None]:
    """Turn a missing optional package into one line that says what to install."""
    try:
        yield
    except ModuleNotFoundError as fault:
        if fault.name is None or fault.name.partition(".")[0] == "humaneval_x":
            raise
        what = f"this needs the Python package {fault.name}"
        raise SetupError(f"{what}; install it with: pip install 'humaneval-x-harness[{extra}]'") from fault


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    call(Evaluate, argv, "evaluate.py")
