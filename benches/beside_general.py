#!/usr/bin/env python3
"""Compares, in one run, on one core and on the same saved pages, how fast vigie and a general extractor read them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install trafilatura lxml_html_clean
    cargo build --release
    /tmp/venv/bin/python benches/beside_general.py [PAGES [ROUNDS]]     # VIGIE=… names another program

PAGES is a folder; its `.html` files are read, those of `fixtures/pages` where none is named. The two take turns, round
by round; times are of the processor. vigie's is that of `vigie extract FILE…` as a whole process, its start and the
writing of its table included. The general extractor, trafilatura, is called as `extract(page, include_comments=True)`
on bytes that lie in memory, in a process that has imported it and has read every page once: neither its start nor the
disk is counted. It gives the article and the comments as one text, without authors, dates or replies; it does other
work, and this is no measure of its quality. Neither is timed where the other is missing.
"""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = pathlib.Path(os.environ.get("VIGIE", HERE / "target/release/vigie"))
ROUNDS = 7


def seconds():
    """Processor time of this process and of those that it ran: what others do on the machine counts less so."""
    ran = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ran.ru_utime + ran.ru_stime


def timed(work):
    start = seconds()
    work()
    return seconds() - start


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "fixtures/pages"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    files = sorted(folder.rglob("*.html"))
    try:
        import trafilatura
    except ImportError as error:
        sys.exit(f"skipped: trafilatura cannot be imported here ({error})")
    if not files:
        sys.exit(f"skipped: no .html file under {folder}")
    if not PROGRAM.is_file():
        sys.exit(f"skipped: no program at {PROGRAM}; build it with `cargo build --release`")

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pages = [file.read_bytes() for file in files]

    def general():
        for page in pages:
            trafilatura.extract(page, include_comments=True)

    def vigie(folder):
        environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
        table, rejects = f"{folder}/table.jsonl", f"{folder}/rejects.csv"
        command = [PROGRAM, "extract", "--rejects", rejects, "-o", table, *files]
        status = subprocess.run(command, env=environment, stderr=subprocess.DEVNULL).returncode
        if status == 2:
            sys.exit("vigie read nothing")

    times = {"vigie": [], "trafilatura": []}
    with tempfile.TemporaryDirectory() as scratch:
        vigie(scratch)
        general()
        for _ in range(rounds):
            times["vigie"].append(timed(lambda: vigie(scratch)))
            times["trafilatura"].append(timed(general))

    count, size = len(files), sum(map(len, pages))
    print(f"{count} pages of {size / count / 1e3:.0f} kB on average, one core, {rounds} rounds in turn")
    print(f"{'pages a second':<22}{'median':>9}{'best':>9}")
    for name, taken in (
        ("vigie extract", times["vigie"]),
        (f"trafilatura {trafilatura.__version__}", times["trafilatura"]),
    ):
        print(f"{name:<22}{count / statistics.median(taken):>9.1f}{count / min(taken):>9.1f}")
    ratios = [theirs / ours for ours, theirs in zip(times["vigie"], times["trafilatura"])]
    print(f"vigie is {statistics.median(ratios):.1f} times as fast (round by round: {min(ratios):.1f} to {max(ratios):.1f})")


if __name__ == "__main__":
    main()
