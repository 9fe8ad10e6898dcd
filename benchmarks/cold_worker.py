"""Inside the jail, for comparison: runs each program the plain way, every tool started anew.

Reads one JSON object a line (`id`, `language`, `source`), answers one (`id`, `passed`, `output`). The file is
handed to `python3 -c` in a jail; it imports nothing of the project. What it measures nobody: `cold.py` does.
"""

import json
import os
import shutil
import subprocess
import sys

TIMEOUT_S = 120
FILES = {
    "python": "program.py",
    "cpp": "program.cpp",
    "java": "Main.java",
    "javascript": "program.js",
    "go": "main_test.go",
}


def commands(language: str, source: str) -> "list[list[str]]":
    """Return what a person would type to compile and run one program."""
    name = FILES[language]
    if language == "python":
        return [["python3", name]]
    if language == "javascript":
        return [["node", name]]
    if language == "cpp":
        libraries = ["-lcrypto", "-lssl"] if "openssl/" in source else []
        return [["g++", "-std=c++11", name, "-o", "program", *libraries], ["./program"]]
    if language == "java":
        return [["javac", name], ["java", "-cp", ".", "Main"]]
    return [["go", "test", name]]


def run(language: str, source: str, folder: str) -> "tuple[bool, str]":
    """Run one program in a fresh folder. Return whether every command succeeded, and the end of the output."""
    os.mkdir(folder)
    with open(os.path.join(folder, FILES[language]), "w", encoding="utf-8", errors="replace") as file:
        file.write(source)
    output = b""
    try:
        for argv in commands(language, source):
            done = subprocess.run(
                argv,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=TIMEOUT_S,
            )
            output = done.stdout
            # console.assert neither throws nor sets the status: the reference takes silence for success.
            if done.returncode != 0 or (language == "javascript" and output):
                return False, output[-400:].decode(errors="replace")
    except subprocess.TimeoutExpired:
        return False, f"more than {TIMEOUT_S} s"
    finally:
        shutil.rmtree(folder)
    return True, ""


def main() -> None:
    """Serve until the end of stdin. Argument 1 is the scratch folder."""
    for count, line in enumerate(sys.stdin):
        task = json.loads(line)
        passed, output = run(task["language"], task["source"], os.path.join(sys.argv[1], str(count)))
        print(json.dumps({"id": task["id"], "passed": passed, "output": output}), flush=True)


main()
