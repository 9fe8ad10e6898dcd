"""`run`, `ground_truth`: samples, or the canonical solutions, judged. `convert`, `differences`: samples of others."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from humaneval_x.commands.shared import LanguagesOption, ProblemsOption, Quiet
from humaneval_x.commands.shell import Outcome
from humaneval_x.runners.choose import Sandbox
from humaneval_x.runners.machines import ANYWHERE, HERE, Jails, Machines
from humaneval_x.samples import AS_IT_IS, Asked, task_of_samples
from humaneval_x.settings import Errata, EvaluationSettings, Sizes
from humaneval_x.tasks import TASKS, JudgedBy, Task
from humaneval_x.values import Formerly, Range

if TYPE_CHECKING:  # what runs imports them when a command asks for them
    from humaneval_x.plans import RunOptions
    from humaneval_x.run_report import RunReport

NegatedTests = Annotated[bool, Formerly(("twin",)), "what passes has to fail when the expectations are wrong"]
PUBLISHED = EvaluationSettings()


def run(
    *samples: Path,
    output: Path | None = None,
    problems: ProblemsOption = None,
    settings: EvaluationSettings = PUBLISHED,
    machines: Machines = ANYWHERE,
    asked: Asked = AS_IT_IS,
    k: Sizes = (1, 10, 100),
    partial: bool = False,
    share: bool = True,
    follow: bool = False,
    metrics: bool = False,
    multipl_e: Path | None = None,
    quiet: Quiet = False,
) -> Outcome:
    """Judge samples and print pass@k.

    Writes DIR/verdicts.jsonl, one row a sample, and DIR/scores.json. Run the same command again after an
    interruption: finished verdicts are kept.

    Args:
        samples: JSONL files (.gz by name): task_id, completion, optional sample_index and source_language; or files
            and folders of other harnesses, see --format
        output: the folder for the results; default results/<name of the samples file>
        k: for which k to report pass@k
        partial: score what is there where tasks or samples are missing, and mark it
        share: run identical programs once
        follow: judge one file's rows while generate.py (or who makes FILE.complete in the end) still appends them
        metrics: BLEU, chrF, ROUGE-L, CodeBLEU beside pass@k, and their correlation to passing (docs/similarity.md)
        multipl_e: a folder for NAME.results.json.gz, as MultiPL-E writes them, of its problems (docs/multipl_e.md)

    Examples:
        run samples.jsonl --output results/my-model
        run samples.jsonl.gz --k 1,5 --partial
        run translations.jsonl --problems fresh --workers 4 --sandbox docker
        run samples.jsonl --follow
    """
    from humaneval_x.evaluation import evaluated
    from humaneval_x.following import evaluated_following
    from humaneval_x.plans import RunOptions
    from humaneval_x.reports.terminal import table

    options = RunOptions(
        samples=samples,
        output=output,
        problems=problems,
        settings=settings,
        machines=machines,
        asked=asked,
        k=k,
        partial=partial,
        share=share,
        progress=not quiet,
    )
    if not follow and TASKS[task_of_samples(samples, asked)].judge is JudgedBy.LIKENESS:
        report = described(options)
        return Outcome(text=table(report), data=report.to_json())
    if machines.sandbox is Sandbox.NONE:
        from humaneval_x.runners.bare import WARNING

        print(f"warning: {WARNING}", file=sys.stderr)
    after = [with_metrics(options)] if metrics else []
    after += [with_multipl_e(options, multipl_e)] if multipl_e is not None else []
    report = evaluated_following(options) if follow else evaluated(options)
    for step in after:
        report = step(report)
    return Outcome(text=table(report), data=report.to_json())


def described(options: RunOptions) -> RunReport:
    """Return the report on descriptions, which text metrics judge and no test."""
    from humaneval_x.similarity.summaries import compare_descriptions

    return compare_descriptions(options.samples, options.folder, problems=options.problems, asked=options.asked)


def with_metrics(options: RunOptions) -> Callable[[RunReport], RunReport]:
    """Return the step that adds text metrics to a report. Raises SetupError now for packages that are missing."""
    from humaneval_x.similarity.run import add_similarity
    from humaneval_x.similarity.texts import packages

    packages()
    return lambda _: add_similarity(options.folder)


def with_multipl_e(options: RunOptions, folder: Path) -> Callable[[RunReport], RunReport]:
    """Return the step that writes results in MultiPL-E's form. Raises OptionError now for problems of another form."""
    from humaneval_x import multipl_e_results
    from humaneval_x.problems import load_problems

    loaded = load_problems(options.problems)
    multipl_e_results.refuse_others(loaded)

    def written(report: RunReport) -> RunReport:
        multipl_e_results.write(options.folder, options.samples, loaded, options.asked, options.settings, folder)
        return report

    return written


def ground_truth(
    problems: ProblemsOption = None,
    languages: LanguagesOption = None,
    *,
    task: Task | None = None,
    errata: Errata = Errata.PUBLISHED,
    negated_tests: NegatedTests = False,
    jails: Jails = HERE,
    quiet: Quiet = False,
) -> Outcome:
    """Judge the canonical solutions: do they pass here?

    Each is judged from its prompt and from its declaration, or as an answer of one task; all buggy solutions of a
    repair have to fail. Exactly the known defects may fail: exit 1 on a surprise. An unstable task is named and not
    tried again.

    Args:
        task: one of the tasks, such as repair; default generation and translation
        errata: published or corrected texts

    Examples:
        ground_truth
        ground_truth --problems fresh --languages python,go
        ground_truth --problems fresh --task repair
    """
    from humaneval_x.ground_truth import ground_truth as judged

    truth = judged(
        problems,
        languages or (),
        errata,
        jails=jails,
        negated_tests=negated_tests,
        progress=not quiet,
        task=task,
    )
    data = {
        "languages": {f"{task.value} {name}": [truth.passed[task, name], n] for (task, name), n in truth.total.items()},
        "failed": {task.value: lines for task, lines in truth.failed.items()},
        **(
            {"buggy_failed": buggy}
            if (buggy := {f"{each.value} {name}": n for (each, name), n in truth.buggy.items()})
            else {}
        ),
        "surprises": truth.surprises,
        "sandbox": truth.sandbox,
    }
    return Outcome(text=truth.table(), data=data, exit_code=int(bool(truth.surprises)))


def convert(
    samples: Path, out: Path, problems: ProblemsOption = None, *, asked: Asked = AS_IT_IS, quiet: Quiet = False
) -> Outcome:
    """Write samples of another harness as a samples file of ours.

    Args:
        samples: a file or folder
        out: the samples file to write, .jsonl or .jsonl.gz

    Examples:
        convert evalplus/samples samples.jsonl
        convert generations.json samples.jsonl --format bigcode --languages python
    """
    from humaneval_x.convert import convert as converted

    told = converted([samples], out, problems=problems, asked=asked)
    for line in told.lines() if not quiet else ():
        print(line, file=sys.stderr)
    return Outcome(text=f"{out}: {told.samples} samples written", data={"output": str(out), "samples": told.samples})


def differences(
    *samples: Path,
    against: Path,
    problems: ProblemsOption = None,
    asked: Asked = AS_IT_IS,
    shown: Annotated[int, Range(0)] = 3,
) -> Outcome:
    """Show where another harness's verdicts are not ours, and why.

    Each such sample stands under its cause (tampered, limits, errata, read as, cut, tests), with the program that was
    run.

    Args:
        samples: files or folders that carry verdicts: passed, expected, result, status
        against: the output folder of run on the same samples
        shown: samples of each cause to show; --json has all

    Examples:
        differences samples.jsonl --against results/samples
        differences eval_results.json --against results/samples --json
    """
    from humaneval_x.differences import differences as found_in

    found = found_in(samples, against, problems=problems, asked=None if asked == AS_IT_IS else asked)
    return Outcome(text=found.text(shown), data=found.to_json())
