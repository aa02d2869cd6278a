#!/usr/bin/env bash
# What is checked beside code and tests: words, licences, unused dependencies, what desktops read, and that the documentation is true.
#
#   scripts/habits.sh [PROGRAM]      with a built program, the commands in the documentation are checked too
#
# A tool that is missing is named and passed over.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

environment="${SONGSPACE_HABITS:-${XDG_CACHE_HOME:-$HOME/.cache}/songspace-ci/habits}"
passed=0 failed=0 skipped=0

check() {
    local name="$1"
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        echo "habits: FAILED: $name"
        failed=$((failed + 1))
    fi
}

pass_over() {
    echo "habits: SKIPPED: $*"
    skipped=$((skipped + 1))
}

has() { command -v "$1" >/dev/null; }

# Makes an environment of Python with what a list names, unless it has it.
python_environment() {
    local list="$1"
    cmp -s "scripts/$list" "$environment/$list" && return
    [ -x "$environment/bin/pip" ] || python3 -m venv "$environment" || return
    "$environment/bin/pip" install -q --only-binary :all: -r "scripts/$list" && cp "scripts/$list" "$environment"
}

licences() {
    local out
    out="$(mktemp)"
    scripts/licences.py "$out" >/dev/null && rm "$out"
}

# Builds the book aside: what it warns of is a fault.
book() {
    local out said
    out="$(mktemp -d)"
    said="$(mdbook build docs -d "$out" 2>&1)" && [[ "$said" != *WARN* && "$said" != *ERROR* ]] && rm -r "$out" && return
    echo "$said"
    return 1
}

check "licences" licences
if python_environment requirements.txt >/dev/null 2>&1; then
    check "words" "$environment/bin/typos"
else
    pass_over "words (no environment of Python could be made in $environment)"
fi
if [ -z "${1:-}" ]; then
    pass_over "documentation (no program was named)"
elif [ -x "$environment/bin/python" ]; then
    check "documentation" "$environment/bin/python" scripts/check_docs.py --program "$1"
else
    check "documentation, without its Python" scripts/check_docs.py --program "$1" --no-python
fi
# A tool of the system's own comes first.
python_environment requirements-tools.txt >/dev/null 2>&1 || true
PATH="$PATH:$environment/bin"
if has mdbook; then check "book" book; else pass_over "mdbook"; fi
# Both look at crates of features and systems that nothing here has built.
cargo fetch --locked --quiet || true
if has cargo-deny; then check "crates" cargo deny --offline --locked check bans licenses sources; else pass_over "cargo deny"; fi
if has cargo-shear; then check "unused crates" cargo shear --offline --locked; else pass_over "cargo shear"; fi
if has desktop-file-validate; then check "menu entry" desktop-file-validate packaging/*.desktop; else pass_over "desktop-file-validate"; fi
if has appstreamcli; then check "metadata" appstreamcli validate --no-net packaging/*.metainfo.xml; else pass_over "appstreamcli"; fi
if has shellcheck; then check "shell scripts" shellcheck -S warning scripts/*.sh packaging/*.sh .ci/run; else pass_over "shellcheck"; fi
if has actionlint; then check "workflows" actionlint; else pass_over "actionlint"; fi
echo "habits: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
