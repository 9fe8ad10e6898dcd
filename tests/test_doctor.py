"""The doctor on this machine: what judging needs is well, with a right and a broken program of each language."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from humaneval_x import model_doctor
from humaneval_x.doctor import examine
from humaneval_x.languages import LANGUAGES
from humaneval_x.model_doctor import asked, examine_model


def test_the_doctor_tells_right_from_broken_programs_in_each_language(sandbox: str) -> None:
    findings = [finding for finding in examine(sandbox) if finding.needed]
    assert [str(finding) for finding in findings if not finding.ok] == []
    assert {module.TITLE for module in LANGUAGES.values()} <= {finding.what for finding in findings}


def package(folder: Path, name: str, version: str, code: str = "") -> None:
    """Install a package that is `code`, as pip leaves one."""
    (folder / f"{name}.py").write_text(code)
    metadata = folder / f"{name}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def test_each_finding_about_models_says_what_is_there_or_what_to_do() -> None:
    findings = {finding.what: finding for finding in examine_model()}
    assert list(findings) == [
        *("PyTorch", "transformers", "CUDA", "vLLM", "MindSpore"),
        *("Ascend NPU", "CANN", "torch_npu", "vllm_ascend"),
    ]
    assert not any(finding.needed or "\n" in finding.detail for finding in findings.values())
    assert all(finding.ok or len(finding.detail) > 10 for finding in findings.values())


def test_a_framework_that_does_not_load_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, "torch", "9.9", "raise ImportError('libhccl.so: cannot open shared object file')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    torch, cuda = model_doctor.torch_and_cuda()
    assert str(torch) == (
        "none  PyTorch: 9.9 is installed and does not load: ImportError: libhccl.so: cannot open shared object file"
    )
    assert str(cuda) == "none  CUDA: needs PyTorch"
    assert asked("import os; os.abort()") == "it ended with status -6"


def test_torch_npu_without_cann_is_found_and_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, "torch_npu", "2.10.0", f"open({str(tmp_path / 'imported')!r}, 'w')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(model_doctor, "CANN_FOLDERS", (str(tmp_path / "none"),))
    monkeypatch.delenv("ASCEND_HOME_PATH", raising=False)
    found = {finding.what: finding.detail for finding in model_doctor.ascend()}
    assert found["torch_npu"] == (
        "2.10.0 is installed without CANN, so that importing torch fails; install CANN, "
        "or export TORCH_DEVICE_BACKEND_AUTOLOAD=0"
    )
    assert found["CANN"].startswith("not found; ")
    monkeypatch.setenv("ASCEND_HOME_PATH", str(tmp_path))
    found = {finding.what: finding.detail for finding in model_doctor.ascend()}
    assert (found["torch_npu"], found["CANN"]) == ("2.10.0", str(tmp_path))
    assert not (tmp_path / "imported").exists()


def test_mindspore_beside_numpy_2_is_sent_to_an_environment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path, "mindspore", "2.10.0")
    package(tmp_path, "numpy", "2.4.6")
    monkeypatch.syspath_prepend(tmp_path)
    assert model_doctor.mindspore().detail.startswith(
        "needs NumPy 1, this environment has 2.4.6; install it in an environment of its own: pip install "
    )
