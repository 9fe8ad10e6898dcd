"""The published figures, cell by cell against ../shared/published, and where a report shows them."""

from __future__ import annotations

import json

import pytest
from folders import synthetic
from official import SHARED

from humaneval_x.languages import LANGUAGES, PAIRS
from humaneval_x.problems import load_problems
from humaneval_x.reports.published import published, reference
from humaneval_x.reports.write import write_comparison, write_run

TITLES = {module.TITLE: name for name, module in LANGUAGES.items()}
SIZES = ("pass@1", "pass@10", "pass@100")
GENERATION = ["GPT-J-6B", "GPT-NeoX-20B", "InCoder-6.7B", "CodeGen-Multi-6B", "CodeGen-Multi-16B", "CodeGeeX-13B"]
TRANSLATION = ["InCoder-6.7B", "CodeGen-Multi-16B", "CodeGeeX-13B", "CodeGeeX-13B-FT"]


def shared(name):
    path = SHARED / "published" / name
    if not path.exists():
        pytest.skip("needs the published figures in ../shared")
    return json.loads(path.read_text(encoding="utf-8"))


def models(task):
    return {each["model"]: each for each in published()[task]}


def test_the_models_are_those_of_the_benchmarks_authors():
    assert (list(models("generation")), list(models("translation"))) == (GENERATION, TRANSLATION)


def test_every_figure_names_a_source_that_is_told_and_how_sure_it_is():
    content = published()
    for task in ("generation", "translation"):
        for model in content[task]:
            entries = [entry for sizes in model["columns"].values() for entry in sizes.values()]
            for entry in [*entries, *model.get("unassigned", {}).values()]:
                assert entry["source"] in content["sources"]
                assert entry["how"] in ("printed", "measured", "computed")
                assert (entry["how"] == "measured") == ("pm" in entry)


@pytest.mark.shared
def test_generation_cell_by_cell():
    blocks = {block["id"]: block for block in shared("published_generation.json")["blocks"]}
    found = models("generation")
    cells = 0
    for name, sizes in blocks["B_measured_from_figures"]["models"].items():
        for size, entry in sizes.items():
            for title, cell in entry["per_language"].items():
                ours = found[name]["columns"].get(TITLES[title], {}).get(size)
                if cell is None:
                    assert ours is None
                    continue
                cells += 1
                assert ours["value"] == cell["value"]
                assert (ours["how"] == "printed") == cell["how"].startswith("printed")
                assert ours.get("pm", 0.0) == cell["pm"]
            if not any(entry["per_language"].values()):
                cells += 1
                assert found[name]["unassigned"][size]["values"] == entry["sorted_five_values_boxplot"]
                assert found[name]["columns"]["overall"][size]["value"] == entry["mean_line_boxplot"]
    printed = blocks["D_readme_text"]["average_pass@100"]
    for name in found:
        for size in SIZES:
            ours = found[name]["columns"]["overall"][size]
            if size == "pass@100" and name in printed:
                assert (ours["value"], ours["how"]) == (printed[name], "printed")
            elif ours["how"] == "computed":
                each = [found[name]["columns"][language][size]["value"] for language in LANGUAGES]
                assert ours["value"] == pytest.approx(sum(each) / 5, abs=0.0051)
    assert cells == 4 * 3 * 5 + 2 * 3


@pytest.mark.shared
def test_translation_cell_by_cell():
    table = shared("published_translation.json")["blocks"][0]["table"]
    means = shared("published_translation.json")["blocks"][1]["unweighted_mean_over_20_pairs"]
    found = models("translation")
    cells = 0
    for pair, named in table.items():
        source, _, target = pair.partition("->")
        for name, sizes in named.items():
            for size, value in sizes.items():
                entry = found[name]["columns"][f"{TITLES[source]}-{TITLES[target]}"][size]
                assert (entry["value"], entry["how"]) == (value, "printed")
                cells += 1
    assert cells == 20 * 3 * 4
    for name, sizes in means.items():
        for size, value in sizes.items():
            assert found[name]["columns"]["overall"][size]["value"] == value
            every = [found[name]["columns"][f"{s}-{t}"][size]["value"] for s, t in PAIRS]
            assert value == pytest.approx(sum(every) / 20, abs=0.0051)


def test_a_report_shows_them_marked_and_with_their_sources(tmp_path):
    folder = synthetic(tmp_path / "run", load_problems("fresh"))
    write_run(folder, reference=True)
    for text in ((folder / "report.html").read_text(), (folder / "report.md").read_text().replace("\\", "")):
        assert "published: CodeGeeX-13B" in text
        assert "54.76" in text  # printed: without a mark
        assert "~16.41" in text  # measured from a figure
        assert "=11.32" in text  # computed
        assert "the published figures are of the official set: they do not compare with these" in text
        assert "hx_boxplot.png" in text.replace("&#95;", "_")
    write_run(folder)
    assert "CodeGeeX-13B" not in (folder / "report.html").read_text()


def test_a_translation_report_shows_their_matrices(tmp_path):
    folder = synthetic(tmp_path / "run", load_problems("fresh"), n=2, translation=True)
    write_run(folder, reference=True)
    page = (folder / "report.html").read_text()
    for model in TRANSLATION:
        for size in SIZES:
            assert f"published: {model}: {size} in %, from row to column" in page
    assert ">62.79</td>" in page  # C++ to Python, CodeGeeX-13B-FT, pass@1


def test_a_comparison_draws_them_too(tmp_path):
    runs = [synthetic(tmp_path / name, load_problems("fresh"), k=(1,), seed=seed) for seed, name in enumerate("ab")]
    write_comparison(runs, tmp_path / "out", reference=True)
    page = (tmp_path / "out" / "comparison.html").read_text()
    assert "GPT-J-6B (published)" in page  # in the boxes, though it is not known which value is which language's
    assert "<title>GPT-J-6B (published): 11.09</title>" in page


def test_on_the_official_set_nothing_is_said_of_another_set():
    notes = [note for models_ in reference(official=True).values() for model in models_ for note in model.notes]
    assert not [note for note in notes if "do not compare" in note]
