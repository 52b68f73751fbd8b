#!/bin/sh
# Times `entra-diff batch` of small cases against `entra-diff report` of each of them, one behind the other, run in turn;
# prints medians and the ratio, which two cores should bring to 0.65 or less: a batch uses both, and starts once.
#
#   benches/batch.sh [CASES [CHANGES [RUNS]]]      200 cases of 50 changes and 5 runs unless told
#
# Needs cargo and python3. Everything that it makes stays below the target folder. Exit code 1 where something fails, or
# where a case's table is not the one that `report` writes.

set -eu

cases=${1:-200}
changes=${2:-50}
runs=${3:-5}

cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
profile=${ENTRA_DIFF_PROFILE:-release}
folder="$target/tmp/batch-$cases-$changes"
built=$profile
[ "$profile" = dev ] && built=debug

cargo build --profile "$profile" --quiet --bin entra-diff --example generate

if [ ! -d "$folder/cases" ]; then
    rm -rf "$folder"
    mkdir -p "$folder/unfinished"
    case=0
    while [ "$case" -lt "$cases" ]; do
        "$target/$built/examples/generate" --changes "$changes" --seed "$case" --output "$folder/unfinished/case-$case"
        case=$((case + 1))
    done
    mv "$folder/unfinished" "$folder/cases"
fi

exec python3 - "$target/$built/entra-diff" "$folder" "$runs" <<'PYTHON'
import filecmp, os, shutil, statistics, subprocess, sys, time

program, folder, runs = os.path.abspath(sys.argv[1]), sys.argv[2], int(sys.argv[3])
os.chdir(folder)
cases = sorted(os.listdir("cases"))
quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def batch():
    subprocess.run([program, "batch", "cases", "-o", "batch", "-q"], check=True, **quiet)


def reports():
    for case in cases:
        command = [program, "report", os.path.join("cases", case), "-o", os.path.join("reports", case), "-q"]
        subprocess.run(command, check=True, **quiet)


times = {batch: [], reports: []}
for _ in range(runs):
    for work in times:
        shutil.rmtree("batch" if work is batch else "reports", ignore_errors=True)
        start = time.monotonic()
        work()
        times[work].append(time.monotonic() - start)
for case in cases:
    if not filecmp.cmp(f"batch/{case}/changes.csv", f"reports/{case}/changes.csv", shallow=False):
        sys.exit(f"batch: {case}: not what report writes")
of_batch, of_reports = (statistics.median(times[work]) for work in (batch, reports))
print(f"batch of {len(cases)} cases: {of_batch:.2f} s; report of each: {of_reports:.2f} s; {of_batch / of_reports:.2f}")
PYTHON
