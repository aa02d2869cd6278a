#!/usr/bin/env python3
"""Gathers the licences of every crate that is linked into songspace into one text file, and fails on one that deny.toml does not allow.

    scripts/licences.py OUT.txt [--target TRIPLE]

Reads the sources that cargo has already downloaded; needs no network and no tool but cargo.
"""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LICENCE_FILE = re.compile(r"(un)?licen[cs]e|copying|notice|copyright|ofl\b|ufl\b", re.IGNORECASE)
TEXT_ENDINGS = {"", ".txt", ".md", ".rst", ".mit", ".apache", ".apache2", ".bsd", ".mpl"}
MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR
IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def cargo(*arguments):
    """What cargo prints, or its own words and an end."""
    done = subprocess.run(["cargo", *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"licences: cargo {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout


def linked_crates(target):
    """(name, version) of every crate whose code ends up in the program; macros and build scripts do not."""
    on = ["--target", target] if target else []
    tree = cargo("tree", "--locked", "-e", "normal,no-proc-macro", "--prefix", "none", "--no-dedupe", "-f", "{p}", *on)
    crates = {tuple(line.split()[:2]) for line in tree.splitlines() if line.strip()}
    return {(name, version.removeprefix("v")) for name, version in crates if name != "songspace"}


def allowed(expression, names):
    """The licences of an SPDX expression that are relied on, or None where the list does not allow it."""
    words = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    at = 0

    def either():
        nonlocal at
        found = both()
        while at < len(words) and words[at] == "OR":
            at += 1
            other = both()
            found = found if found is not None else other
        return found

    def both():
        nonlocal at
        found = one()
        while at < len(words) and words[at] == "AND":
            at += 1
            other = one()
            found = None if found is None or other is None else found + other
        return found

    def one():
        nonlocal at
        if words[at] == "(":
            at += 1
            found = either()
            at += 1
            return found
        name = words[at]
        at += 1
        if at < len(words) and words[at] == "WITH":
            name = f"{name} WITH {words[at + 1]}"
            at += 2
        return [name] if name in names else None

    return either()


def licence_files(folder):
    """The licence texts that lie in a crate, in its root or one folder below."""
    near = [*folder.iterdir(), *(file for sub in folder.iterdir() if sub.is_dir() for file in sub.iterdir())]
    files = (file for file in near if file.is_file() and LICENCE_FILE.match(file.name) and file.suffix.lower() in TEXT_ENDINGS)
    return [text(file) for file in sorted(files)]


def text(file):
    return file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip("\n")


def usual_text(licence, texts, expressions):
    """The text that most crates under this licence alone come with, or None where there is none."""
    uses = {words: sum(expressions[crate] == licence for crate in crates) for words, crates in texts.items()}
    usual = max(uses, key=uses.get, default=None)
    return usual if usual and uses[usual] else None


def gather(target):
    """(crates with expression, texts and the crates they belong to, crates that are not allowed)"""
    rules = tomllib.loads((ROOT / "deny.toml").read_text())["licenses"]
    clarified = {entry["crate"]: entry["expression"] for entry in rules.get("clarify", [])}
    packages = json.loads(cargo("metadata", "--locked", "--format-version", "1"))["packages"]
    packages = {(package["name"], package["version"]): package for package in packages}
    listed, texts, refused, without = [], defaultdict(list), [], []
    for crate in sorted(linked_crates(target)):
        package = packages[crate]
        expression = clarified.get(crate[0]) or package["license"] or "none named"
        relied_on = allowed(expression, set(rules["allow"]))
        if relied_on is None:
            refused.append(f"{crate[0]} {crate[1]}: {expression}")
            continue
        listed.append((crate, expression, package["repository"] or ""))
        found = licence_files(Path(package["manifest_path"]).parent)
        for words in found:
            texts[words].append(crate)
        if not found:
            without.append((crate, package["authors"], relied_on))
    expressions = {crate: expression for crate, expression, _ in listed}
    for crate, authors, relied_on in without:
        for licence in relied_on:
            if licence == "MIT":
                holder = ", ".join(re.sub(r"\s*<[^>]*>", "", author) for author in authors) or f"the {crate[0]} authors"
                texts[f"MIT License\n\nCopyright (c) {holder}\n\n{MIT}".strip()].append(crate)
            elif usual := usual_text(licence, texts, expressions):
                texts[usual].append(crate)
            else:
                refused.append(f"{crate[0]} {crate[1]}: the text of {licence} is nowhere to be found")
    return listed, texts, refused


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--target", help="the system that the program is built for; this one by default")
    arguments = parser.parse_args()
    listed, texts, refused = gather(arguments.target)
    if refused:
        sys.exit("licences: not allowed by deny.toml:\n  " + "\n  ".join(refused))
    rule = "\n" + "=" * 100 + "\n"
    with arguments.out.open("w", encoding="utf-8") as out:
        out.write(f"Songspace is under the licence below. It contains {len(listed)} Rust crates, whose licences follow.\n")
        out.write(f"{rule}{text(ROOT / 'LICENSE')}\n{rule}")
        for (name, version), expression, repository in listed:
            out.write(f"{name} {version}  {expression}  {repository}\n")
        for words, crates in sorted(texts.items(), key=lambda item: (-len(item[1]), item[1])):
            names = ", ".join(f"{name} {version}" for name, version in sorted(set(crates)))
            out.write(f"{rule}{names}\n\n{words}\n")
    print(f"{arguments.out}: {len(listed)} crates, {len(texts)} texts")


if __name__ == "__main__":
    main()
