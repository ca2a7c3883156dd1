#!/usr/bin/env python3
"""How much labels of one's own help: the shipped model, a model from scratch, and one on the shipped base.

    cargo build --release
    training/learning_curve.py ../shared/corpora/evaluation-only/*.csv

For each file, size and seed the rows are shuffled, the first SIZE train and the others judge; all three models are
judged on the same rows. Only the `vigie` program is used. Prints AUC, mean and standard deviation over the seeds.
"""

import argparse
import csv
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
csv.field_size_limit(sys.maxsize)


def vigie(program, *arguments):
    """What the program prints; None where it says that nothing could be done."""
    ran = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    return None if ran.returncode == 2 else ran.stdout


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, header)
        table.writeheader()
        table.writerows(rows)


def auc(program, folder, label, model=None):
    chosen = ["--model", model] if model else []
    told = vigie(program, "evaluate", folder / "judge.csv", "--label", label, "--format", "json", *chosen)
    return json.loads(told)["labels"][0]["auc"]


def measure(program, path, label, rows, header, size, seed):
    """AUC of the base, of a model from scratch (.5 where it cannot be fitted), and of one on the base."""
    order = rows[:]
    random.Random(f"{path.name} {seed}").shuffle(order)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write(folder / "own.csv", header, order[:size])
        write(folder / "judge.csv", header, order[size:])
        found = [auc(program, folder, label)]
        for base in [[], ["--base", "default"]]:
            model = folder / "own.vigie"
            train = ["train", folder / "own.csv", "--label", label, *base, "-o", model]
            fitted = vigie(program, *train) is not None
            found.append(auc(program, folder, label, model) if fitted else 0.5)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=pathlib.Path, help="labelled CSV files")
    parser.add_argument("--sizes", default="50,200,1000,2000", help="how many rows to train on")
    parser.add_argument("--seeds", type=int, default=5, help="how often")
    parser.add_argument("--vigie", default=HERE.parent / "target/release/vigie", help="the program")
    given = parser.parse_args()
    print("| set | label | own labels | shipped | from scratch | with `--base` | gain over shipped |")
    print("|---|---|---|---|---|---|---|")
    for path in given.files:
        with open(path, newline="", encoding="utf-8") as file:
            table = csv.DictReader(file)
            everything, header = list(table), table.fieldnames
        for label in ["insult", "conspiracy"]:
            rows = [row for row in everything if row.get(label) in ("0", "1")]
            if len({row[label] for row in rows}) < 2:
                continue
            for size in map(int, given.sizes.split(",")):
                # A third at least judges.
                if size * 3 > len(rows) * 2:
                    continue
                seeds = range(given.seeds)
                found = [measure(given.vigie, path, label, rows, header, size, seed) for seed in seeds]
                columns = list(zip(*found))
                columns.append([one[2] - one[0] for one in found])
                show = lambda values, sign: f"{statistics.mean(values):{sign}.3f} ± {statistics.stdev(values):.3f}"
                cells = [show(values, "+" if column == 3 else "") for column, values in enumerate(columns)]
                print(f"| `{path.stem}` | {label} | {size} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
