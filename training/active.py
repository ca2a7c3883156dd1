#!/usr/bin/env python3
"""How many comments are read until 95 % of the insults are found: in file order, with ASReview, and with vigie.

    python3 -m venv /tmp/asreview && /tmp/asreview/bin/pip install asreview
    /tmp/asreview/bin/python training/active.py --vigie target/release/vigie --corpora ../shared/corpora --curve curve.csv

Both are given the same files and read until the same share is found. With seed 0 a file stands as it is; with any other,
its rows are shuffled by that seed, for both, and the median over the seeds is told. ASReview runs with the settings that
it ships with (ELAS u4: words and pairs of words, a linear support vector machine, learning after every record), sees the
text as the abstract, and reads from the top until it has seen one record of each kind, as `asreview simulate` does
without prior knowledge. vigie begins as the shipped model and learns after 10 comments, later after 5 % of those read.
The files judge: nothing is tuned on them. Not run by the tests: ASReview takes minutes a file."""
import argparse
import csv
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import pandas
from asreview.learner import ActiveLearningCycle
from asreview.models.models import get_ai_config
from asreview.models.queriers import TopDown
from asreview.models.stoppers import IsFittable
from asreview.simulation.simulate import Simulate

FILES = ["de_germeval2021_comments", "en_kaggle_insults", "en_unhealthy_news",
         "fr_cyberagression_ado_large", "pt_offcombr_news"]


class Found:
    """Stops once so many relevant records were found."""

    def __init__(self, wanted):
        self.wanted = wanted

    def stop(self, results, labels):
        return len(results) > 0 and int(results["label"].sum()) >= self.wanted


def asreview(texts, gold, wanted, seed):
    """The labels in the order in which ASReview reads them."""
    numpy.random.seed(seed)
    records = pandas.DataFrame({"title": [""] * len(texts), "abstract": texts})
    cycles = [ActiveLearningCycle(querier=TopDown(), stopper=IsFittable()),
              ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])]
    simulation = Simulate(records, pandas.Series(gold), cycles, stopper=Found(wanted), print_progress=False)
    simulation._results = simulation_results()
    simulation.review()
    return [int(label) for label in simulation._results["label"]]


def simulation_results():
    """An empty table of results, which a stopper of one's own may look at before the first record is read."""
    return pandas.DataFrame(columns=["record_id", "label", "classifier", "querier", "balancer", "feature_extractor",
                                     "training_set", "time", "note", "tags", "user_id"])


def vigie(program, rows, label, seed, folder):
    """By order: how many comments were read when each one was found."""
    path, curve = os.path.join(folder, "set.csv"), os.path.join(folder, "curve.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "lang", "text", label])
        table.writerows([row["id"], row["lang"], row["text"], row[label]] for row in rows)
    subprocess.run([program, "queue", "--simulate", path, "--label", label, "--curve", curve, "--seed", str(seed + 1),
                    "--rejects", os.path.join(folder, "rejects.csv")],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found = {}
    with open(curve, newline="", encoding="utf-8") as file:
        for point in csv.DictReader(file):
            found.setdefault(point["order"], []).append(int(point["read"]))
    return found


KINDS = ["file order", "ASReview", "model alone", "risk", "mix", "uncertain", "random"]
"""The orders told; the drawing shows the first four."""
COLOURS = {"file order": "#999999", "ASReview": "#0072b2", "model alone": "#56b4e9", "risk": "#d55e00"}


def median(name, kind, curves):
    """By comment found: the median over the seeds of how many were read; in file order, the first seed's: the file's own."""
    runs = curves[name][kind]
    return runs[0] if kind == "file order" else [statistics.median(reads) for reads in zip(*runs)]


def tell(sizes, curves, label, target):
    """Prints the shares read until the target is found, and the curves up to it."""
    print(f"| set | comments | with {label} | the least possible | " + " | ".join(KINDS) + " |")
    print("|---" * (4 + len(KINDS)) + "|")
    for name, (comments, positives, wanted) in sizes.items():
        shares = [median(name, kind, curves)[wanted - 1] / comments for kind in KINDS]
        cells = " | ".join(f"{100 * share:.1f} %" for share in shares)
        runs = len(curves[name]["ASReview"])
        print(f"| {name} ({runs} seeds) | {comments} | {positives} | {100 * wanted / comments:.1f} % | {cells} |")
    steps = [tenth / 10 for tenth in range(1, 10) if tenth / 10 < target] + [target]
    print("\n| share read until this share is found | " + " | ".join(f"{100 * step:.0f} %" for step in steps) + " |")
    print("|---" * (1 + len(steps)) + "|")
    for name, (comments, positives, _) in sizes.items():
        for kind in COLOURS:
            reads = median(name, kind, curves)
            shares = [reads[math.ceil(step * positives - 1e-9) - 1] / comments for step in steps]
            print(f"| {name}: {kind} | " + " | ".join(f"{100 * share:.1f} %" for share in shares) + " |")


def draw(sizes, curves, path):
    """Draws the curves as SVG: share read to the right, share found upwards."""
    side, gap = 260, 50
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{(side + gap) * len(sizes) + gap}" height="{side + 110}" '
             'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#ffffff"/>']
    for at, (name, (comments, positives, _)) in enumerate(sizes.items()):
        left, top = gap + at * (side + gap), 34
        parts.append(f'<text x="{left}" y="{top - 12}">{name}</text>')
        parts.append(f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="none" stroke="#cccccc"/>')
        for tick in (0, 50, 95):
            y = top + side * (1 - tick / 100)
            parts.append(f'<text x="{left - 4}" y="{y + 4:.0f}" text-anchor="end">{tick} %</text>')
            parts.append(f'<line x1="{left}" x2="{left + side}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eeeeee"/>')
        for tick in (0, 50, 100):
            parts.append(f'<text x="{left + side * tick / 100}" y="{top + side + 16}" text-anchor="middle">{tick} %</text>')
        for kind, colour in COLOURS.items():
            reads = median(name, kind, curves)
            kept = [(0, 0)] + [(read, found + 1) for found, read in enumerate(reads)
                               if found % max(1, len(reads) // 100) == 0 or found == len(reads) - 1]
            line = " ".join(f"{left + side * read / comments:.1f},{top + side * (1 - found / positives):.1f}" for read, found in kept)
            parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
    for at, (kind, colour) in enumerate(COLOURS.items()):
        x, y = gap + at * 150, side + 90
        parts.append(f'<line x1="{x}" x2="{x + 22}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 28}" y="{y}">{"vigie, " + kind if kind == "risk" else kind}</text>')
    parts.append(f'<text x="{gap}" y="{side + 70}">share found, by share of comments read</text></svg>')
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(parts) + "\n")


def measured(path, target):
    """What an earlier run wrote; sets and seeds that it did not end are left out."""
    sizes, curves = {}, {}
    with open(path, newline="", encoding="utf-8") as file:
        for point in csv.DictReader(file):
            name, comments, positives = point["set"], int(point["comments"]), int(point["positives"])
            sizes[name] = (comments, positives, math.ceil(target * positives - 1e-9))
            curves.setdefault(name, {}).setdefault(point["order"], {}).setdefault(int(point["seed"]), []).append(int(point["read"]))
    whole = {name: [seed for seed, reads in curves[name]["ASReview"].items() if len(reads) == sizes[name][2]] for name in sizes}
    return sizes, {name: {kind: [runs[seed] for seed in whole[name]] for kind, runs in kinds.items()}
                   for name, kinds in curves.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="labelled CSV files; the evaluation sets when none is named")
    parser.add_argument("--vigie", default="target/release/vigie")
    parser.add_argument("--corpora", default="../shared/corpora")
    parser.add_argument("--label", default="insult")
    parser.add_argument("--target", type=float, default=0.95)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--curve", help="where to write every point: set, seed, order, found, read")
    parser.add_argument("--drawing", help="where to draw the curves, as SVG")
    parser.add_argument("--again", help="tell and draw the points that an earlier run wrote, and measure nothing")
    arguments = parser.parse_args()
    label, target = arguments.label, arguments.target
    if arguments.again:
        sizes, curves = measured(arguments.again, target)
    else:
        sizes, curves = measure(arguments)
    tell(sizes, curves, label, target)
    if arguments.drawing:
        draw(sizes, curves, arguments.drawing)


def measure(arguments):
    """Reads every file by every seed in every order. By set: its sizes; by set and order: a list of reads a seed."""
    label, target = arguments.label, arguments.target
    files = arguments.files or [f"{arguments.corpora}/evaluation-only/{name}.csv" for name in FILES]
    output = open(arguments.curve or os.devnull, "w", newline="", encoding="utf-8")
    points = csv.writer(output)
    points.writerow(["set", "seed", "order", "comments", "positives", "found", "read"])
    sizes, curves = {}, {}
    for seed in arguments.seeds:
        for path in files:
            name = os.path.basename(path).removesuffix(".csv")
            with open(path, newline="", encoding="utf-8") as file:
                rows = [row for row in csv.DictReader(file) if row[label] in ("0", "1")]
            if seed:
                random.Random(seed).shuffle(rows)
            gold = [int(row[label]) for row in rows]
            wanted = math.ceil(target * sum(gold) - 1e-9)
            sizes[name] = (len(gold), sum(gold), wanted)
            with tempfile.TemporaryDirectory() as folder:
                begun = time.time()
                found = vigie(os.path.abspath(arguments.vigie), rows, label, seed, folder)
                seconds = {"vigie, all orders": time.time() - begun}
            begun = time.time()
            order = asreview([row["text"] for row in rows], gold, wanted, seed)
            seconds["ASReview"] = time.time() - begun
            found["ASReview"] = [at + 1 for at, relevant in enumerate(order) if relevant]
            for kind, read in found.items():
                curves.setdefault(name, {}).setdefault(kind, []).append(read[:wanted])
                points.writerows([name, seed, kind, len(gold), sum(gold), at + 1, after] for at, after in enumerate(read[:wanted]))
            output.flush()
            told = ", ".join(f"{kind} {runs[-1][-1] / len(gold):.3f}" for kind, runs in curves[name].items())
            print(f"{name}, seed {seed}: {told}; {seconds}", file=sys.stderr, flush=True)
    output.close()
    return sizes, curves


if __name__ == "__main__":
    main()
