#!/usr/bin/env bash
# Prints what only a machine with a GPU can tell: adapter, self-test, decoding, gesture to sound, training against the CPU and
# against PyTorch, kernels prepared cold and warm, SPIR-V against WGSL. Needs built binaries, assets/ and nothing else.
#
#   scripts/gpu_check.sh [BINARY [BINARY_WITH_SPIRV]]
#
# BINARY is target/release/songspace by default; the other one is the same built with `--features spirv`.
#   DEVICE=gpu      what to measure on, as --device takes it (DEVICE=software tries the script itself)
#   BUDGET=240      seconds for everything; parts that do not fit are left out and it is said
#   SECONDS_EACH=3  seconds of every reading
#   RESULTS=        folder for figures.jsonl (one figure a line) and the kernels' cache; a temporary one by default
#   PYTHON=python3  a Python with torch is the peer
set -u -o pipefail

cd "$(dirname "$0")/.." || exit 1
binary=${1:-target/release/songspace}
spirv=${2:-}
device=${DEVICE:-gpu}
budget=${BUDGET:-240}
each=${SECONDS_EACH:-3}
python=${PYTHON:-python3}
results=${RESULTS:-$(mktemp -d)}
mkdir -p "$results/cache"
figures=$results/figures.jsonl
begun=$SECONDS

# A cache of its own, so that the first start is a cold one and the second a warm one.
export XDG_CACHE_HOME=$results/cache MESA_SHADER_CACHE_DIR=$results/cache/mesa
export __GL_SHADER_DISK_CACHE=1 __GL_SHADER_DISK_CACHE_PATH=$results/cache/nvidia
mkdir -p "$MESA_SHADER_CACHE_DIR" "$__GL_SHADER_DISK_CACHE_PATH"
export RUST_LOG=${RUST_LOG:-error}

left() { echo $((budget - (SECONDS - begun))); }

# part NAME LIMIT COMMAND...: runs it for LIMIT seconds at most, and for no longer than the budget lasts.
part() {
    local name=$1 limit=$2 at=$SECONDS rc
    shift 2
    if [ "$(left)" -lt 5 ]; then
        echo "== $name: left out, the $budget s are used up"
        return
    fi
    [ "$(left)" -lt "$limit" ] && limit=$(left)
    echo "== $name"
    timeout --kill-after=5 "$limit" "$@" 2>&1
    rc=$?
    case $rc in
        0) echo "   ($((SECONDS - at)) s)" ;;
        124 | 137) echo "   GAVE UP after $limit s" ;;
        *) echo "   FAILED with exit code $rc after $((SECONDS - at)) s" ;;
    esac
}

measure() {
    local program=$1 on=$2 parts=$3
    shift 3
    "$program" doctor --device "$on" --measure "$parts" --seconds "$each" --json "$figures" "$@"
}

# `timeout` starts programs, not functions.
run() {
    local name=$1 limit=$2
    shift 2
    export binary each figures
    part "$name" "$limit" bash -c "$(declare -f measure); measure \"\$@\"" measure "$@"
}

machine() {
    uname -sr
    grep -m1 "model name" /proc/cpuinfo | sed 's/.*: //'
    echo "$(nproc) processor threads"
    command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader
    ldconfig -p 2>/dev/null | grep -o "libvulkan[^ ]*\|libGLX_nvidia[^ ]*\|libEGL_nvidia[^ ]*" | sort -u | tr '\n' ' '
    echo
    ldd "$binary" | grep "not found" && echo "the program cannot start without these"
    return 0
}

# Drivers in containers often lie where the loader does not look.
find_driver() {
    local place
    [ -n "${VK_DRIVER_FILES:-}" ] && return
    ls /usr/share/vulkan/icd.d/nvidia* /etc/vulkan/icd.d/nvidia* >/dev/null 2>&1 && return
    for place in /usr/local/nvidia/share/vulkan/icd.d /opt/nvidia/share/vulkan/icd.d; do
        if [ -e "$place/nvidia_icd.json" ]; then
            export VK_DRIVER_FILES=$place/nvidia_icd.json
            echo "   driver: $VK_DRIVER_FILES"
        fi
    done
}

# peer PRESET BATCH DEVICE: PyTorch's steps a second, median of 40 after 5.
peer() {
    local sizes
    sizes=$("$binary" doctor --device cpu --measure sizes --presets "$1") || return 1
    yes step | head -n 45 | "$python" benches/peers/train_torch.py "$sizes" "$2" "$3" | awk -v what="PyTorch, preset $1, batch $2, $3" '
        NR == 1 { print "  " $0; next }
        NR > 6 { t[n++] = $1 + 0 }
        END {
            if (!n) exit 1
            for (i = 1; i < n; i++) for (j = i; j > 0 && t[j - 1] > t[j]; j--) { x = t[j]; t[j] = t[j - 1]; t[j - 1] = x }
            m = t[int(n / 2)]
            printf "  %-58s %9.1f ms\n  %-58s %9.1f /s\n", what ": step p50", 1000 * m, what ": steps a second", 1 / m
        }'
}

peers() {
    export binary python
    local on=$1 preset
    for preset in s m; do
        part "PyTorch on $on, preset $preset" 45 bash -c "$(declare -f peer); peer \"\$@\"" peer "$preset" 10 "$on"
    done
}

if [ ! -x "$binary" ]; then
    echo "$binary: there is no program there; build it with cargo build --release --locked, or name it" >&2
    exit 2
fi
echo "songspace gpu check, $(date -u +%Y-%m-%dT%H:%MZ), $(git rev-parse --short HEAD 2>/dev/null || echo "no checkout"), figures in $figures"
find_driver
part "machine" 10 bash -c "$(declare -f machine); binary='$binary' machine"
part "adapters" 20 "$binary" doctor --adapters
run "CPU: decoding, training" 60 "$binary" cpu decode,train
run "cold: self-test, decoding, training, preset s" 100 "$binary" "$device" test,decode,train --presets s
run "gesture to sound" 40 "$binary" "$device" latency
run "gesture to sound beside a training" 60 "$binary" "$device" beside
run "decoding, training, preset m" 80 "$binary" "$device" decode,train --presets m
run "warm: the same kernels once more" 60 "$binary" "$device" test,decode,train --seconds 0.3 --presets s
if "$python" -c "import torch" 2>/dev/null; then
    if "$python" -c "import torch, sys; sys.exit(not torch.cuda.is_available())" 2>/dev/null; then
        peers cuda
    fi
    peers cpu
else
    echo "== PyTorch: $python has no torch"
fi
run "larger batches" 60 "$binary" "$device" train --presets m --batches 32,128
if [ -n "$spirv" ]; then
    run "SPIR-V: self-test, decoding, training" 90 "$spirv" "$device" test,decode,train
fi
CUBECL_AUTOTUNE_LEVEL=minimal run "fewer kernels tried (CUBECL_AUTOTUNE_LEVEL=minimal)" 60 "$binary" "$device" test,decode,train --presets s
echo "== done in $((SECONDS - begun)) s; figures in $figures"
