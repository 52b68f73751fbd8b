#!/usr/bin/env python3
"""Prints what each format costs beside the bars it is held to and the peers that are installed.

    benches/table.py [CHANGES [RUNS]] [--only WORD]      100000 changes and 3 runs unless told

The program and its peers work on the same generated export, in turn, so that a busy moment hits all of
them; medians are shown, and ratios are of medians of this run. `floor` is all files read and every item
parsed once, and nothing else (`cargo bench --bench stages -- floor`), with the program's own reader and
with serde_json's `Value`. Memory is the most that a process had, less the export's size.

Peers, each left out with a word where it is not installed:
  orjson      Python with orjson, the same rows as changes.csv (peers/orjson_csv.py)
  XlsxWriter  Python, constant memory, the cells of all sheets of report.xlsx (peers/xlsxwriter_cells.py); the time to
              read them from there, "reading cells", is taken off
  Node, jq, DuckDB   a simpler table than changes.csv: a line for each property whose two values differ as JSON text
              (peers/plain.mjs, peers/plain.jq, peers/plain_duckdb.py)

Needs cargo. Everything it makes stays below the target folder. Exit code 1 where something fails.
"""

import argparse
import csv
import importlib.util
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PEERS = ROOT / "benches" / "peers"
ALL = "html,csv,xlsx,ndjson,json,md"


class Measured:
    """The runs of a command: seconds on the clock, seconds of all processors, bytes of memory."""

    def __init__(self, command, output=None):
        self.command, self.output, self.runs = [str(word) for word in command], output, []

    def run(self):
        if self.output:
            # What is overwritten would have to be given back first, by whoever comes second.
            shutil.rmtree(self.output, ignore_errors=True) if self.output.is_dir() else self.output.unlink(missing_ok=True)
        start = time.perf_counter()
        null = os.open(os.devnull, os.O_WRONLY)
        actions = [(os.POSIX_SPAWN_DUP2, null, 1)]
        process = os.posix_spawnp(self.command[0], self.command, os.environ, file_actions=actions)
        _, status, usage = os.wait4(process, 0)
        seconds = time.perf_counter() - start
        os.close(null)
        if status != 0:
            sys.exit(f"table: {' '.join(self.command)}: exit code {os.waitstatus_to_exitcode(status)}")
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        self.runs.append((seconds, usage.ru_utime + usage.ru_stime, peak))

    def of(self, part):
        return statistics.median(run[part] for run in self.runs)

    @property
    def seconds(self):
        return self.of(0)

    @property
    def peak(self):
        return max(run[2] for run in self.runs)


def build():
    command = ["cargo", "build", "--release", "--locked", "--quiet", "--bin", "entra-diff", "--example", "generate"]
    subprocess.run(command, cwd=ROOT, check=True)


def export_of(changes):
    """The folder of an export, made if it is not there yet."""
    folder = TARGET / "tmp" / f"table-{changes}"
    if not folder.exists():
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        generate = TARGET / "release" / "examples" / "generate"
        subprocess.run([generate, "--changes", str(changes), "--output", unfinished], check=True)
        unfinished.rename(folder)
    return folder


def commands(export):
    """What is measured, by name, without the peers that are not installed."""
    program = TARGET / "release" / "entra-diff"
    made = export.with_name(export.name + ".made")
    made.mkdir(exist_ok=True)

    def ours(formats, name):
        output = made / name
        return Measured([program, "report", export, "-f", formats, "-o", output, "--force", "--quiet"], output)

    found = {name: ours(name, f"report.{name}") for name in ("csv", "ndjson", "html", "xlsx", "md", "json")}
    found["all six"] = ours(ALL, "all")
    missing = []

    def peer(name, needs, words, file):
        if needs:
            found[name] = Measured([*words, made / file], made / file)
        else:
            missing.append(name)

    has = importlib.util.find_spec
    workbook = made / "report.xlsx"
    peer("orjson", has("orjson"), [sys.executable, PEERS / "orjson_csv.py", export], "orjson.csv")
    peer("XlsxWriter", has("xlsxwriter"), [sys.executable, PEERS / "xlsxwriter_cells.py", workbook], "xlsxwriter.xlsx")
    if has("xlsxwriter"):
        found["reading cells"] = Measured([sys.executable, PEERS / "xlsxwriter_cells.py", workbook])
    peer("Node", shutil.which("node"), ["node", PEERS / "plain.mjs", export], "node.csv")
    peer("jq", shutil.which("jq"), [sys.executable, PEERS / "plain_jq.py", export], "jq.csv")
    peer("DuckDB", has("duckdb"), [sys.executable, PEERS / "plain_duckdb.py", export], "duckdb.csv")
    for name in missing:
        print(f"{name}: not installed, left out")
    return found


def floors(changes, runs):
    """Seconds of the floor with each reader, as the bench of the stages measures it."""
    environment = dict(os.environ, ENTRA_DIFF_BENCH_CHANGES=str(changes), ENTRA_DIFF_BENCH_RUNS=str(runs))
    command = ["cargo", "bench", "--locked", "--quiet", "--bench", "stages", "--", "floor"]
    told = subprocess.run(command, cwd=ROOT, check=True, env=environment, capture_output=True, text=True)
    # A name with spaces in it, then numbers with more than one between them.
    rows = (re.split(r" {2,}", line) for line in told.stdout.splitlines() if line.startswith("floor"))
    return {name: float(median) for name, median, *_ in rows}


def print_table(found, size, floor):
    print(f"\n{'':14}{'median s':>10}{'min s':>9}{'max s':>9}{'cpu s':>9}{'peak MB':>10}{'less input':>12}")
    for name, measured in found.items():
        times = [run[0] for run in measured.runs]
        peak = measured.peak / 1e6
        print(
            f"{name:14}{measured.seconds:10.3f}{min(times):9.3f}{max(times):9.3f}{measured.of(1):9.3f}"
            f"{peak:10.1f}{peak - size / 1e6:12.1f}"
        )
    for name, seconds in floor.items():
        print(f"{name:24}{seconds:10.3f}")


def print_bars(found, size, floor):
    """Each bar, what was measured, and whether it is met."""
    seconds = {name: measured.seconds for name, measured in found.items()}
    print(f"\n{'bar':58}{'measured':>10}")

    def told(text, measured, met):
        print(f"{text:58}{measured:10.2f}  {'met' if met else 'NOT MET'}")

    def at_least(text, measured, bar):
        told(f"{text}: at least {bar}", measured, measured >= bar)

    def at_most(text, measured, bar):
        told(f"{text}: at most {bar}", measured, measured <= bar)

    if "orjson" in seconds and "csv" in seconds:
        at_least("csv, times as fast as orjson", seconds["orjson"] / seconds["csv"], 12)
    if "csv" in seconds:
        for name, parsed in floor.items():
            at_most(f"csv / {name}", seconds["csv"] / parsed, 3)
        for name in ("ndjson", "html"):
            if name in seconds:
                at_most(f"{name} / csv", seconds[name] / seconds["csv"], 3)
    if all(name in seconds for name in ("XlsxWriter", "reading cells", "xlsx")):
        peer = seconds["XlsxWriter"] - seconds["reading cells"]
        at_least("xlsx, times as fast as XlsxWriter", peer / seconds["xlsx"], 10)
    alone = [seconds[name] for name in ("csv", "ndjson", "html", "xlsx", "md", "json") if name in seconds]
    if "all six" in seconds and len(alone) == 6:
        bar = max(1.25 * max(alone), 0.6 * sum(alone))
        at_most("all six, s; the larger of 1.25 slowest and 0.6 sum", seconds["all six"], round(bar, 2))
    for name, bar in {"csv": 200, "ndjson": 200, "xlsx": 250, "html": 400, "all six": 600}.items():
        if name in found:
            at_most(f"{name}, MB beside the input", (found[name].peak - size) / 1e6, bar)


def rows(*tables):
    """The rows of tables side by side; where they are quoted is each program's own."""
    csv.field_size_limit(sys.maxsize)
    readers = (csv.reader(open(table, encoding="utf-8-sig", newline="")) for table in tables)
    return itertools.zip_longest(*readers)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("changes", nargs="?", type=int, default=100_000)
    parser.add_argument("runs", nargs="?", type=int, default=3)
    parser.add_argument("--only", action="append", help="only what has this in its name", metavar="WORD")
    arguments = parser.parse_args()
    build()
    export = export_of(arguments.changes)
    size = sum(file.stat().st_size for file in export.rglob("*") if file.is_file())
    found = commands(export)
    if arguments.only:
        found = {name: one for name, one in found.items() if any(word in name for word in arguments.only)}
    print(f"{arguments.changes:,} changes, {size / 1e6:.1f} MB, {arguments.runs} runs in turn")
    floor = {} if arguments.only else floors(arguments.changes, arguments.runs)
    for _ in range(arguments.runs):
        for measured in found.values():
            measured.run()
    print_table(found, size, floor)
    print_bars(found, size, floor)
    if "csv" in found and "orjson" in found:
        same = all(ours == theirs for ours, theirs in rows(found["csv"].output, found["orjson"].output))
        print("\nchanges.csv and the table of orjson have the same rows" if same else "\nthe tables of csv and orjson differ")
        sys.exit(0 if same else 1)


main()
