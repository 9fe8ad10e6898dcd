"""Calls the go command of a toolchain, and reads from its source what its go test checks."""

import re
import subprocess
from pathlib import Path


def go(goroot: Path, *words: str, env: "dict[str, str]", cwd: Path) -> str:
    """Run the go command and return its output; OSError with its messages where it fails."""
    done = subprocess.run([str(goroot / "bin/go"), *words], env=env, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"go {' '.join(words[:2])} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def environment(goroot: Path, build: Path, cgo: str) -> "dict[str, str]":
    return {
        "PATH": "/usr/bin:/bin", "HOME": str(build), "GOROOT": str(goroot), "GOCACHE": str(build / "cache"),
        "GOPATH": str(build / "path"), "GOFLAGS": "", "GOENV": "off", "GOWORK": "off", "GO111MODULE": "on",
        "CGO_ENABLED": cgo, "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOTELEMETRY": "off",
    }  # fmt: skip


def write_analyzers(source: Path, folder: Path) -> None:
    """The analyzers are those that this version's go test runs: read from its own list."""
    text = (source / "cmd/go/internal/test/test.go").read_text()
    listed = text[text.index("var defaultVetFlags = []string{") :]
    flags = re.findall(r'^\s*"-(\w+)"', listed[: listed.index("\n}")], flags=re.M)
    if "printf" not in flags:
        raise OSError("cmd/go: the list of vet checks is not as expected: this Go version is not supported")
    folders = [{"bool": "bools", "buildtags": "buildtag"}.get(flag, flag) for flag in flags]
    folder.mkdir()
    imports = "".join(f'\t"golang.org/x/tools/go/analysis/passes/{name}"\n' for name in folders)
    names = "".join(f"\t{name}.Analyzer,\n" for name in folders)
    (folder / "all.go").write_text(
        f'package analyzers\n\nimport (\n\t"golang.org/x/tools/go/analysis"\n{imports})\n\n'
        f"// All are the checks of go vet that go test runs.\nvar All = []*analysis.Analyzer{{\n{names}}}\n"
    )
