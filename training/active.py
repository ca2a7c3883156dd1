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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="labelled CSV files; the evaluation sets when none is named")
    parser.add_argument("--vigie", default="target/release/vigie")
    parser.add_argument("--corpora", default="../shared/corpora")
    parser.add_argument("--label", default="insult")
    parser.add_argument("--target", type=float, default=0.95)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--curve", help="where to write every point: set, seed, order, found, read")
    arguments = parser.parse_args()
    label, target = arguments.label, arguments.target
    files = arguments.files or [f"{arguments.corpora}/evaluation-only/{name}.csv" for name in FILES]
    points = csv.writer(open(arguments.curve, "w", newline="", encoding="utf-8")) if arguments.curve else None
    if points:
        points.writerow(["set", "seed", "order", "comments", "positives", "found", "read"])
    reads, sizes = {}, {}
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
                reads.setdefault(name, {}).setdefault(kind, []).append(read[wanted - 1] / len(gold))
                if points:
                    points.writerows([name, seed, kind, len(gold), sum(gold), at + 1, after]
                                     for at, after in enumerate(read[:wanted]))
            told = ", ".join(f"{kind} {shares[-1]:.3f}" for kind, shares in reads[name].items())
            print(f"{name}, seed {seed}: {told}; {seconds}", file=sys.stderr, flush=True)
    kinds = ["file order", "ASReview", "model alone", "risk", "mix", "uncertain", "random"]
    print(f"| set | comments | with {label} | no order can do better than | " + " | ".join(kinds) + " |")
    print("|---" * (4 + len(kinds)) + "|")
    for name, (comments, positives, wanted) in sizes.items():
        # The file's own order is that of seed 0, where it was asked for.
        shares = [reads[name][kind][0] if kind == "file order" else statistics.median(reads[name][kind]) for kind in kinds]
        cells = " | ".join(f"{100 * share:.1f} %" for share in shares)
        print(f"| {name} | {comments} | {positives} | {100 * wanted / comments:.1f} % | {cells} |", flush=True)


if __name__ == "__main__":
    main()
