#!/bin/sh
# Times `entra-diff report -o changes.csv` against a Python script with orjson that writes the same file,
# on the same generated export, run in turn; prints medians, processor time (of all threads, which tells more
# than the clock on a machine that is busy with other work), the peak memory of each, and the ratio.
#
#   benches/compare.sh [CHANGES [RUNS]]      100000 changes and 7 runs unless told
#
# Needs cargo and python3 (PYTHON names another one); without orjson only entra-diff is timed. Everything
# that it makes stays below the target folder. Exit code 1 where something fails or the files differ.

set -eu

changes=${1:-100000}
runs=${2:-7}
python=${PYTHON:-python3}

cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
export="$target/tmp/compare-$changes"

if ! command -v "$python" >/dev/null; then
    echo "compare: $python: not found: python3 takes the times and runs the peer" >&2
    exit 1
fi

cargo build --release --quiet --bin entra-diff --example generate

if [ ! -d "$export" ]; then
    mkdir -p "$target/tmp"
    rm -rf "$export.unfinished"
    "$target/release/examples/generate" --changes "$changes" --output "$export.unfinished"
    mv "$export.unfinished" "$export"
fi

exec "$python" - "$target/release/entra-diff" benches/peers/orjson_csv.py "$export" "$runs" <<'PYTHON'
import filecmp
import importlib.util
import os
import statistics
import sys
import time

binary, script, export, runs = sys.argv[1:]
ours, theirs = f"{export}.entra-diff.csv", f"{export}.orjson.csv"
commands = {"entra-diff": [binary, "report", export, "-o", ours, "--force", "--quiet"]}
if importlib.util.find_spec("orjson"):
    # This interpreter itself: a wrapper in its place would be timed with it.
    commands["python, orjson"] = [sys.executable, script, export, theirs]
else:
    print("orjson is not installed (pip install orjson): only entra-diff is timed")


def run(command):
    """Seconds from start to end, seconds of all processors, and the most memory in MB."""
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"compare: {' '.join(command)}: exit code {os.waitstatus_to_exitcode(status)}")
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return seconds, usage.ru_utime + usage.ru_stime, peak


for command in commands.values():
    run(command)  # what is read once is read from memory by all that follow
results = {name: [] for name in commands}
for _ in range(int(runs)):
    for name, command in commands.items():
        results[name].append(run(command))

print(f"{os.path.basename(export)}, {runs} runs in turn")
print(f"{'':16}{'median s':>10}{'min s':>10}{'max s':>10}{'cpu s':>10}{'peak MB':>10}")
medians = []
for name, measured in results.items():
    times, processor, peaks = zip(*measured)
    medians.append(statistics.median(times))
    spread = f"{medians[-1]:10.3f}{min(times):10.3f}{max(times):10.3f}"
    print(f"{name:16}{spread}{statistics.median(processor):10.3f}{max(peaks):10.1f}")
if len(medians) == 2:
    print(f"entra-diff is {medians[1] / medians[0]:.1f} times as fast")
    if not filecmp.cmp(ours, theirs, shallow=False):
        sys.exit(f"compare: {ours} and {theirs} differ")
    print("both files have the same bytes")
PYTHON
