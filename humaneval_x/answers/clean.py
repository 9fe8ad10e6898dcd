"""Removes what surrounds a program in a model's text: thoughts, template tokens, fences. Pure, in linear time."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

THOUGHT = r"(?:think(?:ing)?|thoughts?|reasoning|analysis|scratchpad|seed:think|antml:thinking|reflection)"
OPENED = re.compile(rf"\s*(?:<({THOUGHT})>|\[(THINK)\]|(◁think▷)|<\|(begin_of_thought)\|>)", re.IGNORECASE)
CLOSED = re.compile(rf"(?:</{THOUGHT}>|\[/THINK\]|◁/think▷|<\|end_of_thought\|>)[ \t]*", re.IGNORECASE)
FINAL = re.compile(r"<\|(?:channel\|>final(?:<\|constrain\|>\w+)?<\|message|begin_of_solution)\|>")
# Tokens that end a text or a turn, of any vendor; those with bars can be nothing else.
BARS = r"<[|｜][^|｜<>\s]{1,40}(?:[ ▁][^|｜<>\s]{1,40}){0,4}[|｜]>"
NAMED = (
    r"</?s>|<(?:eos|bos|pad|unk|EOT|EOD|EOS|EOL|eot|eod|eom|end_of_turn|start_of_turn|end_of_text|end_of_utterance|"
    r"fim_\w{1,12}|file_sep|repo_name|filename|reponame|gh_stars|issue_\w{1,12}|jupyter_\w{1,12}|empty_output|commit_\w{1,12}|"
    r"SYS|/SYS|end_of_sentence|END|MASK|sep|SEP)>|\[/?INST\]|\[(?:DONE|EOS|END)\]|\[end of text\]|<0x0A>|▁<EOT>"
)
TOKEN = re.compile(rf"{BARS}|{NAMED}")
ROLE = re.compile(r"\s*(?:assistant|model|ai|bot)\s*\n", re.IGNORECASE)
SPEAKER = re.compile(
    r"\s*\*{0,2}(?:Assistant|ASSISTANT|Model|AI|Bot|Answer|Response|Solution)(?::\*{0,2}|\*{1,2}:)[ \t]*"
)
TURN = re.compile(r"\n[ \t]*\n(?:(?:Human|User|HUMAN|USER):|#{2,4} ?(?:Instruction|Human|User):)\s")
ENTITY = re.compile(r"(?<![\"'])&(?:lt|gt|amp|quot|apos|nbsp|#39|#x27);")
SPELLED = re.compile(r"(?<=[\w:;{})\]])\\n(?=[ ]{2}|\\[nt]|[}@#])")  # where no string can be
ESCAPE = re.compile(r"\\([nrt\"'\\/])")
FENCE = re.compile(r"^([ \t]*(?:>[ \t]?)?)(`{3,}|~{3,})[ \t]*([^\n`]*?)[ \t]*$", re.MULTILINE)
LATE_FENCE = re.compile(r"(?<=[^\s`])[ \t]*(`{3,}|~{3,})([\w+#-]*)[ \t]*$", re.MULTILINE)
NAMES = (
    r"(?:code|pre|answer|solution|python|cpp|java|javascript|go|output|result|final|completion|response|implementation|"
    r"program|source|script|file|file_text|new_str|content|artifact|antArtifact|function_calls?|tool_call|invoke|parameter)\b"
)
TAGS = re.compile(
    r"\[(?P<shut>/?)(?P<word>[A-Z_+# ]{2,20})(?:=[\w+#]+)?\]"
    r"|\\(?P<tex>begin|end)\{(?:code|verbatim|lstlisting|minted)\}[^\n]*"
    rf"|(?P<open>(?:<{NAMES}[^<>\n]*>[ \t]*)+(?:<!\[CDATA\[)?|<!\[CDATA\[)"
    rf"|(?P<close>(?:\]\]>\s*)?(?:</{NAMES}>[ \t]*)+)|\]\]>",
    re.IGNORECASE,
)
EDGE = re.compile(r"<[/!A-Za-z]|\[[/A-Za-z]|\\[be]|\]\]>")  # how a tag can begin: quick to find
ENDS_LINE = re.compile(r"[ \t]*$", re.MULTILINE)
MARKUP = re.compile(r"^[ \t]*(?:`{3}|~{3})|[^\s`]`{3}[ \t]*$", re.MULTILINE)
SPACES = re.compile(
    r"^[ \t]*[\u00a0\u2002\u2003\u2007\u2009\u202f\u3000][ \t\u00a0\u2002\u2003\u2007\u2009\u202f\u3000]*", re.MULTILINE
)
WRAPS = frozenset({"markdown", "md", "json"})  # languages of fences whose text may hold blocks itself
PROMPTED = re.compile(r"\s*(?:>>> |In \[\d+\]: )")
PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.:?|In \[\d+\]:)(?: |$)(.*)")
NUMBERED = re.compile(r"[ \t]*(\d{1,4})(?:[ \t]?[|:.)])?(?:[ \t]|$)(.*)")
DIFFS = frozenset({"diff", "patch"})
DIFFERENCE = frozenset({"+", "-", " ", "@", ""})  # first characters of a diff's lines
REMOVED = re.compile(r"-|@@|\+\+\+ ")
INLINE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`]+)(?<!`)\1(?!`)")
CONTRACTION = re.compile(r"(?<=[a-z]{2})'(?=(?:s|t|re|ll|ve|d|m)\b)", re.IGNORECASE)
LINE = 1000  # characters of a line that are searched for quotes
DEEP = 4  # blocks within blocks
INVISIBLE = ("\ufeff", "\u200b", "\u2060")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced part of an answer: its text, the word after its fence, where it begins in the answer."""

    text: str
    tag: str
    start: int
    wraps: bool = False  # its text may hold fences itself


def tidy(text: str, mended: list[str]) -> str:
    """Return text without byte order marks, carriage returns and unusual blanks at the start of lines."""
    bare = text.lstrip("".join(INVISIBLE))
    if bare != text:
        mended.append("byte order mark")
    if (broken := with_line_breaks(bare)) != bare:
        mended.append("line breaks")
        bare = broken
    if speaker := SPEAKER.match(bare):
        mended.append("speaker")
        bare = bare[speaker.end() :]
    if "\r" in bare:
        bare = bare.replace("\r\n", "\n").replace("\r", "\n")
    if not bare.isascii():
        spaced = SPACES.sub(lambda found: "".join("\t" if c == "\t" else " " for c in found[0]), bare)
        if spaced != bare:
            mended.append("odd blanks")
        return spaced
    return bare


def with_line_breaks(text: str) -> str:
    """Return a one-line text with its escaped line breaks (\\n) made real; any other text unchanged."""
    found = SPELLED.search(text) if "\n" not in text.strip() else None
    if found is None or quoted(text, found.start()):
        return text
    whole = '\\"' in text or '"' not in text  # else what stands in quotes is kept
    spelled = {"n": "\n", "t": "\t", "r": ""}
    return ESCAPE.sub(
        lambda each: spelled.get(each[1], each[1]) if whole or not quoted(text, each.start()) else each[0], text
    )


def first_turn(text: str) -> str:
    """Return a text up to the next turn of the conversation."""
    found = TURN.search(text)
    return text[: found.start() + 1] if found else text


def without_thoughts(text: str, mended: list[str]) -> str | None:
    """Return what follows a model's thoughts; None where they never end and there is no answer."""
    if finals := list(FINAL.finditer(text)):
        mended.append("thoughts")
        return text[finals[-1].end() :]
    opened = OPENED.match(text)
    ends = [found for found in CLOSED.finditer(text) if not quoted(text, found.start())]
    if ends:
        mended.append("thoughts")
        return text[ends[-1].end() :].lstrip("\n")
    return None if opened else text


def quoted(text: str, at: int) -> bool:
    """Whether a place seems to lie inside quotes that its line opens."""
    line = text[max(text.rfind("\n", 0, at) + 1, at - LINE) : at].replace("```", "")
    return any((CONTRACTION.sub("", line) if quote == "'" else line).count(quote) % 2 for quote in "\"'`")


def without_tokens(text: str, mended: list[str]) -> str:
    """Return text up to the first token that ends a turn, without the tokens that begin one."""
    if "<" not in text and "[" not in text:
        return text
    start = 0
    for found in TOKEN.finditer(text):
        if quoted(text, found.start()):
            continue
        if not mended or mended[-1] != "end tokens":
            mended.append("end tokens")
        if text[start : found.start()].strip() and not ROLE.fullmatch(text[start : found.start()] + "\n"):
            return _behind_token(text[: found.start()], start)
        start = found.end()
        role = ROLE.match(text, start)
        start = role.end() if role else start
    return _behind_token(text, start)


def _behind_token(text: str, start: int) -> str:
    """Return text from `start`, without the blank that may follow a token."""
    return re.sub(r"^ (?=\S)", "", text[start:]) if start else text


def first_mark(text: str) -> int:
    """Return where the first fence or tag stands, or the length of the text."""
    found = [each.start() for each in (MARKUP.search(text), next(tags(text), None)) if each]
    return min(found, default=len(text))


def blocks(text: str, depth: int = DEEP) -> Iterator[Block]:
    """Yield the blocks in fences, tags and JSON, and the blocks nested in them; the last may lack its end."""
    yield from quoted_blocks(text, depth)
    for block in _outer(text) if depth else ():
        yield block
        if not block.wraps:
            yield from quoted_blocks(block.text, depth)
        else:
            yield from (replace(each, start=block.start + each.start) for each in blocks(block.text, depth - 1))


def quoted_blocks(text: str, depth: int) -> Iterator[Block]:
    """Yield the strings of a text that is JSON, and the blocks in them."""
    if not depth or text.lstrip()[:1] not in ('"', "{", "["):
        return
    try:
        waiting = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, str):
            yield Block(value, "", 0)
            yield from blocks(value, depth - 1)
        elif isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value


def _outer(text: str) -> Iterator[Block]:
    opened: re.Match[str] | None = None
    for found in marks(text):
        if opened is None:
            opened = found if opens(found) else None
        elif closes(opened, found):
            yield _block(text, opened, found.start())
            opened = None
    if opened:
        yield _block(text, opened, len(text))


def longer(text: str, name: str, tries: int = 6) -> Iterator[Block]:
    """Yield blocks that hold a name with later ends than `blocks` found, for fences in comments; the last first."""
    found = marks(text)
    for at in range(len(found) - 1, -1, -1):
        if opens(found[at]) and found[at].re is not TAGS:
            later = (end for end in found[at + 2 : at + 2 + tries] if name in text[found[at].end() : end.start()])
            for end in later:
                yield _block(text, found[at], end.start())


def marks(text: str) -> list[re.Match[str]]:
    """Return the lines that are fences or tags, in order."""
    found = [*FENCE.finditer(text), *tags(text), *LATE_FENCE.finditer(text)]
    return sorted(found, key=lambda each: (each.start(), each.re is LATE_FENCE))


def tags(text: str) -> Iterator[re.Match[str]]:
    """Yield the tags: opening ones at the start of a line, closing ones at its start or end, others alone on it."""
    end = 0
    for place in EDGE.finditer(text):
        found = TAGS.match(text, place.start()) if place.start() >= end else None
        if found is None:
            continue
        end = found.end()
        before = text[max(text.rfind("\n", 0, found.start()) + 1, found.start() - LINE) : found.start()]
        begins, ends = not before.strip(), ENDS_LINE.match(text, end)
        if (begins and (ends or found["open"] or found["close"])) or (ends and found["close"]):
            yield found


def opens(found: re.Match[str]) -> bool:
    """Whether a mark can begin a block."""
    return found.re is not TAGS or bool(
        found["open"] or (found["word"] and not found["shut"]) or found["tex"] == "begin"
    )


def closes(opened: re.Match[str], found: re.Match[str]) -> bool:
    """Whether a mark closes the block that another one opened."""
    if opened.re is TAGS or found.re is TAGS:
        return opened.re is found.re and not opens(found)
    one, other = _fence(opened), _fence(found)
    return other[0][0] == one[0][0] and len(other[0]) >= len(one[0]) and not other[1]


def _fence(found: re.Match[str]) -> tuple[str, str]:
    """Return a fence and the language named after it."""
    return (found[2], found[3]) if found.re is FENCE else (found[1], found[2])


def _block(text: str, opened: re.Match[str], end: int) -> Block:
    start = min(opened.end() + (text[opened.end() : opened.end() + 1] == "\n"), end)
    if opened.re is TAGS:
        word = re.findall(r"[A-Za-z+#]+", opened["open"] or opened["word"] or "")
        return Block(unescaped(text[start:end]), word[0].lower() if word else "", start, wraps=True)
    tag = (_fence(opened)[1].split() or [""])[0].strip("{}.:").lower()
    indent = len(opened[1]) if opened.re is FENCE else 0
    bare, tag = shorn(dedented(text[start:end], indent), tag)
    return Block(bare, tag, start, wraps=tag in WRAPS)


def unescaped(text: str) -> str:
    """Return a text with the character references of HTML decoded."""
    escaped = ENTITY.search(text) and not ("<" in text or ">" in text)
    return html.unescape(text).replace("\u00a0", " ") if escaped else text


def shorn(text: str, tag: str) -> tuple[str, str]:
    """Return a block's text and tag without prompts of a session, marks of a diff, HTML or string escapes."""
    text = with_line_breaks(unescaped(text))
    if PROMPTED.match(text):
        entered = (PROMPT.match(line) for line in text.splitlines())
        return "".join(line[1] + "\n" for line in entered if line), tag
    lines = text.splitlines()
    numbered = [NUMBERED.match(line) for line in lines] if NUMBERED.match(text) else []
    if len(lines) > 1 and [line and int(line[1]) for line in numbered] == [*range(1, len(lines) + 1)]:
        return "".join(line[2] + "\n" for line in numbered if line), tag
    if any(line.startswith("+") for line in lines) and all(line[:1] in DIFFERENCE for line in lines):
        return "".join(line[1:] + "\n" for line in lines if not REMOVED.match(line)), "" if tag in DIFFS else tag
    return text, tag


def inline(text: str) -> Iterator[Block]:
    """Yield what stands between backticks, in a line or across lines without a fence."""
    for found in INLINE.finditer(text):
        yield Block(found[2], "", found.start(2))
        word, _, rest = found[2].partition(" ")
        yield Block(rest, word.lower(), found.end(2) - len(rest))


def dedented(text: str, indent: int) -> str:
    """Return text with up to `indent` blanks or quote marks removed from the start of each line."""
    return re.sub(rf"^[ \t>]{{1,{indent}}}", "", text, flags=re.MULTILINE) if indent else text


OTHER_TAGS = frozenset(
    "bash sh shell console terminal zsh powershell cmd text txt plaintext plain output markdown md json yaml xml html "
    "css sql rust rs ruby rb php swift kotlin kt scala csharp cs c# fsharp r perl lua haskell dart "
    "julia matlab diff makefile cmake dockerfile toml ini csv latex mermaid gradle groovy".split()
)
