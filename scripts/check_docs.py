#!/usr/bin/env python3
"""Checks that README.md and docs/ tell the truth: commands parse, links resolve, menu entries and make targets exist, Python runs.

    scripts/check_docs.py [--program target/release/songspace] [--no-python]

Commands are given to the program with --help behind them: it reads the whole line, refuses an option that it does not have or a value that
it does not take, and does nothing. Python blocks are run beside the demo space and need numpy and safetensors.
"""

import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MENU = re.compile(r"\*(File|Edit|Music|Model|Map|Play|View|Help) > ([^*>]+)\*")


def pages():
    """README.md, CONTRIBUTING.md and every page of the book."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs/src").glob("*.md"))]


def command_of(line):
    """The command in a line of code, without the explanation two blanks behind it; None where there is none."""
    line = re.split(r"\s{2,}", line.strip())[0]
    line = re.sub(r"^RUST_LOG=\w+ ", "", line)
    return line if line == "songspace" or line.startswith("songspace ") else None


def commands(text):
    """Every command in indented or fenced code and between back-quotes."""
    code = [line for line in text.splitlines() if line.startswith("    ")]
    code += [line for language, block in FENCE.findall(text) if language in ("", "sh", "bash") for line in block.splitlines()]
    code += INLINE.findall(FENCE.sub("", text))
    return [command for command in map(command_of, code) if command and "COMMAND" not in command]


def check_command(program, command):
    """What the program says against a command, or None."""
    words = shlex.split(command)[1:]
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        return f"`{command}`: {done.stderr.strip().splitlines()[0]}"
    return None


def slug(heading):
    """The anchor of a heading, as GitHub and mdBook make it."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def check_link(page, target):
    """What is wrong with a link, or None."""
    if re.match(r"\w+:", target):
        return None
    path, _, anchor = unquote(target).partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.exists():
        return f"the link {target} leads nowhere"
    if anchor and file.suffix == ".md":
        headings = re.findall(r"^#+ (.*)$", FENCE.sub("", file.read_text()), re.MULTILINE)
        if anchor not in map(slug, headings):
            return f"{file.name} has no heading #{anchor}"
    return None


def check_book():
    """Pages that the table of contents does not name."""
    listed = set(LINK.findall((ROOT / "docs/src/SUMMARY.md").read_text()))
    there = {page.name for page in (ROOT / "docs/src").glob("*.md")} - {"SUMMARY.md"}
    return [f"docs/src/SUMMARY.md does not list {name}" for name in sorted(there - listed)]


def lacks(text):
    """Whether no menu has an entry that `text` begins with, or is the beginning of."""
    entries = {entry for file in (ROOT / "src/ui/menu").glob("*.rs") for entry in re.findall(r'"([A-Z][^"]+)"', file.read_text())}
    return not any(entry.startswith(text) or text.startswith(entry) for entry in entries)


def check_menus(text):
    """Menu entries that the window's sources do not have."""
    named = MENU.findall(re.sub(r"\s+", " ", text))
    return [f"the menu {menu} has no entry {entry}" for menu, entry in named if lacks(entry)]


def check_messages():
    """Menu entries that the program's own messages name and its menus do not have."""
    sources = [file for file in (ROOT / "src").rglob("*.rs") if "menu" not in file.parts]
    messages = ((file, " ".join(re.findall(r'"((?:[^"\\]|\\.)*)"', file.read_text()))) for file in sources)
    named = [(file, menu, entry) for file, text in messages for menu, entry in re.findall(r"\b([A-Z][a-z]+) > ([A-Z][\w ]*\w…?)", text)]
    menus = {"File", "Edit", "Music", "Model", "Map", "Play", "View", "Help"}
    return [f"{file.relative_to(ROOT)} names {menu} > {entry}" for file, menu, entry in named if menu not in menus or lacks(entry)]


def check_targets(text):
    """Make targets that the Makefile does not have."""
    lines = re.findall(r"^([a-z -]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    targets = {target for line in lines for target in line.split()}
    asked = [word for code in INLINE.findall(text) for word in re.findall(r"^make ([a-z-]+)", code)]
    asked += re.findall(r"^    make ([a-z-]+)", text, re.MULTILINE)
    return [f"the Makefile has no target {target}" for target in asked if target not in targets]


def check_python(block):
    """What a Python block ends with when it fails, or None."""
    done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, cwd=ROOT / "assets")
    if done.returncode != 0:
        return f"a Python block fails: {done.stderr.strip().splitlines()[-1]}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "target/release/songspace"))
    parser.add_argument("--no-python", action="store_true", help="leave the Python blocks out")
    arguments = parser.parse_args()
    passed, wrong = 0, [("docs", problem) for problem in check_book()] + [("src", problem) for problem in check_messages()]
    for page in pages():
        text = page.read_text()
        results = [check_command(arguments.program, command) for command in commands(text)]
        results += [check_link(page, target) for target in LINK.findall(FENCE.sub("", text))]
        results += check_menus(text) + check_targets(text)
        if not arguments.no_python:
            results += [check_python(block) for language, block in FENCE.findall(text) if language == "python"]
        wrong += [(page.relative_to(ROOT), result) for result in results if result]
        passed += results.count(None)
    for page, problem in wrong:
        print(f"{page}: {problem}")
    print(f"{passed} passed, {len(wrong)} failed")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
