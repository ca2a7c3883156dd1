#!/usr/bin/env python3
"""Drives `vigie serve` with wrk on the same machine: analyses a second, latency at half of that, memory under load; and,
in the same run, the same load against a minimal Python service.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install fastapi 'uvicorn[standard]' scikit-learn
    apt-get install wrk && cargo build --release
    /tmp/venv/bin/python benches/serve.py [PART…]        # VIGIE=… names another program

PARTs are `rate`, `latency`, `memory` (five minutes) and `python`; all of them where none is named. An analysis is one
request to `comments:analyze` for a comment and two attributes, on connections that stay open; the comments are 200 of
`training/samples`, French and English in turn. Only answers 200 count, and one of another kind ends the run.

- `rate`: as fast as it answers, for 15 s.
- `latency`: half of that (or of the floor, where `rate` is not run), sent at fixed times on more connections than are
  ever busy, so a slow answer does not hold back the requests after it; wrk's clock is of milliseconds, so they come in
  bursts. The run fails where fewer were sent than meant.
- `memory`: the same for five minutes. RSS is flat where it grows by less than FLAT from the first minute to the last.
- `python`: FastAPI under uvicorn (uvloop, httptools) with two workers; scikit-learn's TF-IDF of words (1 to 2) with one
  LogisticRegression for each of two labels, fitted on `training/samples`. No languages, no lexicon, no derived
  attributes, no spans: it does less.

Floors are those of the service's promise, for two cores with the client on them; it fails where one is missed.
"""

import csv
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = pathlib.Path(os.environ.get("VIGIE", HERE / "target/release/vigie"))
PARTS = ("rate", "latency", "memory", "python")
SECONDS = 15
MINUTES = 5
COMMENTS = 200
# For the rate: few, so that the client's own work stays small. For latency: many, so that one is always free.
CONNECTIONS, SPARE = 32, 128
# What is promised.
RATE_FLOOR = 20_000
LATENCY_FLOOR = 0.010
RATIO_FLOOR = 20
FLAT = 8 << 20
TOKENS = "TOXICITY", "INSULT"

SCRIPT = r"""
local ffi = require("ffi")
ffi.cdef[[ typedef struct { long s; long ns; } moment; int clock_gettime(int, moment*); ]]
local clock = ffi.new("moment")
local function now()
  ffi.C.clock_gettime(1, clock)
  return tonumber(clock.s) * 1000 + tonumber(clock.ns) / 1e6
end

local requests, at, rate, due = {}, 0, RATE, nil
function init()
  wrk.headers["Content-Type"] = "application/json"
  for line in io.lines("BODIES") do
    requests[#requests + 1] = wrk.format("POST", "PATH", nil, line)
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
-- Milliseconds until the next request is due, on whichever connection is free.
if rate > 0 then
  function delay()
    due = (due or now()) + 1000 / rate
    return math.max(0, math.floor(due - now()))
  end
end
function done(summary, latency)
  local errors = summary.errors
  print(string.format("told %d %d %d %.0f %.0f", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""

SERVICE = r'''
import csv, pathlib
from fastapi import FastAPI
from pydantic import BaseModel
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

texts, gold = [], {"TOXICITY": [], "INSULT": []}
for path in sorted(pathlib.Path("SAMPLES").glob("*.csv")):
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            texts.append(row["text"])
            gold["INSULT"].append(row["insult"] == "1")
            gold["TOXICITY"].append(row["insult"] == "1" or row["conspiracy"] == "1")
words = TfidfVectorizer(ngram_range=(1, 2))
matrix = words.fit_transform(texts)
models = {name: LogisticRegression(max_iter=1000).fit(matrix, labels) for name, labels in gold.items()}

class Text(BaseModel):
    text: str

class Analyze(BaseModel):
    comment: Text
    requestedAttributes: dict[str, dict]

app = FastAPI()

@app.post("/v1alpha1/comments:analyze")
async def analyze(asked: Analyze):
    row = words.transform([asked.comment.text])
    scores = {}
    for name in asked.requestedAttributes:
        value = float(models[name].predict_proba(row)[0, 1])
        scores[name] = {"summaryScore": {"value": value, "type": "PROBABILITY"}}
    return {"attributeScores": scores}
'''


def comments():
    """Comments written by us, French and English in turn, the same every time."""
    spoken = {"fr": [], "en": []}
    for path in sorted((HERE / "training/samples").glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            rows = [row["text"] for row in csv.DictReader(file)]
        spoken[path.name[:2]].append(rows)
    half = COMMENTS // 2
    taken = []
    for files in spoken.values():
        each = -(-half // len(files))
        taken.append([text for rows in files for text in rows[:: len(rows) // each][:each]][:half])
    return [text for pair in zip(*taken) for text in pair]


def bodies(folder):
    path = folder / "bodies.jsonl"
    wishes = {name: {} for name in TOKENS}
    asked = [{"comment": {"text": text}, "requestedAttributes": wishes} for text in comments()]
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in asked), encoding="utf-8")
    size = sum(len(one["comment"]["text"].encode()) for one in asked) / len(asked)
    print(f"{len(asked)} comments of {size:.0f} bytes on average, {len(TOKENS)} attributes each, {os.cpu_count()} cores")
    return path


def wrk(folder, base, bodies, connections, seconds, rate=0, threads=1):
    """Requests answered a second, and the median and 99th percentile of latency in seconds."""
    script = folder / "script.lua"
    text = SCRIPT.replace("RATE", f"{rate / threads}").replace("BODIES", str(bodies))
    script.write_text(text.replace("PATH", "/v1alpha1/comments:analyze?key=banc"))
    command = ["wrk", "-t", threads, "-c", connections, "-d", f"{seconds}s", "-s", script, base]
    ran = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)
    told = re.search(r"^told (\d+) (\d+) (\d+) (\d+) (\d+)$", ran.stdout, re.MULTILINE)
    answered, micros, failed, median, late = map(int, told.groups())
    if failed:
        sys.exit(f"{failed} requests failed:\n{ran.stdout}")
    return answered / (micros / 1e6), median / 1e6, late / 1e6


def resident(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


def up(base, first):
    """Waits until a first request is answered."""
    host = urllib.parse.urlsplit(base).netloc
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection(host, timeout=10)
            connection.request("POST", "/v1alpha1/comments:analyze", first, {"Content-Type": "application/json"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit(f"nothing answers at {base}")


def ended(process):
    process.terminate()
    process.wait(20)


def ours(folder, bodies, parts, table):
    """What vigie does; the rate, or none where it was not asked for."""
    process = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        base = process.stdout.readline().strip().rstrip("/")
        up(base, bodies.read_bytes().splitlines()[0])
        start = resident(process)
        wrk(folder, base, bodies, CONNECTIONS, 2)
        rate = None
        if "rate" in parts or "python" in parts:
            rate, median, late = wrk(folder, base, bodies, CONNECTIONS, SECONDS)
            table("analyses a second", f"{rate:,.0f}", f"{RATE_FLOOR:,}", rate >= RATE_FLOOR)
            table("  their latency, median and p99", f"{median * 1e3:.2f} ms, {late * 1e3:.2f} ms")
        half = (rate or RATE_FLOOR) / 2
        if "latency" in parts:
            sent, median, late = wrk(folder, base, bodies, SPARE, SECONDS, half)
            if sent < 0.97 * half:
                sys.exit(f"{half:,.0f} requests a second were meant, {sent:,.0f} were sent: a measure of nothing")
            table(f"latency at {sent:,.0f} a second: median", f"{median * 1e3:.2f} ms")
            table("  p99", f"{late * 1e3:.2f} ms", f"{LATENCY_FLOOR * 1e3:.0f} ms", late < LATENCY_FLOOR)
        table("memory at the start", f"{start / 1e6:.1f} MB")
        if "memory" in parts:
            after, rates = [], []
            for _ in range(MINUTES):
                rates.append(wrk(folder, base, bodies, SPARE, 60, RATE_FLOOR / 2)[0])
                after.append(resident(process))
            told = ", ".join(f"{size / 1e6:.1f}" for size in after)
            grown = after[-1] - after[0]
            what = f"  after 1 to {MINUTES} minutes at {sum(rates) / MINUTES:,.0f} a second"
            table(what, f"{told} MB", f"+{FLAT / 1e6:.0f} MB", grown < FLAT)
        return rate
    finally:
        ended(process)


def theirs(folder, bodies, table):
    """What the Python service does; none where it cannot be had."""
    try:
        import fastapi
        import sklearn
        import uvicorn
    except ImportError as error:
        print(f"skipped: the Python service ({error})")
        return None
    (folder / "minimal.py").write_text(SERVICE.replace("SAMPLES", str(HERE / "training/samples")), encoding="utf-8")
    command = [sys.executable, "-m", "uvicorn", "minimal:app", "--workers", "2", "--port", "8788", "--no-access-log"]
    # One thread each: two workers share two cores, and a row is too little to be shared further.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)
    try:
        base = "http://127.0.0.1:8788"
        up(base, bodies.read_bytes().splitlines()[0])
        wrk(folder, base, bodies, CONNECTIONS, 2)
        rate, median, late = wrk(folder, base, bodies, CONNECTIONS, SECONDS)
        versions = f"FastAPI {fastapi.__version__}, uvicorn {uvicorn.__version__}, scikit-learn {sklearn.__version__}"
        table(f"Python ({versions})", f"{rate:,.0f}")
        table("  their latency, median and p99", f"{median * 1e3:.2f} ms, {late * 1e3:.2f} ms")
        return rate
    finally:
        ended(process)


def main():
    parts = sys.argv[1:] or PARTS
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if not PROGRAM.is_file():
        sys.exit(f"skipped: no program at {PROGRAM}; build it with `cargo build --release`")
    if not shutil.which("wrk"):
        sys.exit("skipped: wrk is not installed (Debian: apt-get install wrk)")
    missed = []

    def table(what, told, floor="", kept=True):
        print(f"{what:<64}{told:>28}{floor and f'   floor {floor}'}{'' if kept else '   MISSED'}", flush=True)
        missed.extend([] if kept else [what.strip()])

    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        asked = bodies(folder)
        rate = ours(folder, asked, parts, table)
        if "python" in parts and (other := theirs(folder, asked, table)):
            ratio = rate / other
            table("vigie / Python", f"{ratio:.1f}", f"{RATIO_FLOOR}", ratio >= RATIO_FLOOR)
    if missed:
        sys.exit(f"missed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
