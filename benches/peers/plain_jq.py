#!/usr/bin/env python3
"""Runs plain.jq over every page in a folder.

    python3 plain_jq.py DIR OUT.csv
"""

import pathlib
import subprocess
import sys

pages = sorted(pathlib.Path(sys.argv[1]).rglob("*.json"))
program = pathlib.Path(__file__).with_name("plain.jq")
with open(sys.argv[2], "wb") as out:
    subprocess.run(["jq", "-r", "-f", program, *pages], stdout=out, check=True)
