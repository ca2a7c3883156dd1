#!/usr/bin/env python3
"""Compares, in one run and on the same rows, what fitting the shipped model takes with scikit-learn's TF-IDF + liblinear.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install scikit-learn
    cargo build --release
    /tmp/venv/bin/python benches/training.py ../shared/corpora [RUNS]     # VIGIE=… names another program

vigie makes the whole model of `training/recipe.toml`: it reads the files and checks their digests, counts rarities on
some 50,000 further comments, finds lexicon entries, fits for each label layer 1 six times (five folds and all rows) and
layer 2 eighteen times (six for each of three languages), calibrates, chooses thresholds, measures, and packs the file.

scikit-learn does less: it reads the same labelled rows, fits one TfidfVectorizer of words (1 to 2) and one of letters
within words (2 to 5), and for each label one LogisticRegression(solver="liblinear", C=2, class_weight="balanced") on all
rows that bear it. No folds, no lexicon, no second layer, no measures. Its time for equal work (six fits a label) is
estimated from that of one.
"""

import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent.parent
RUNS = 2
PROGRAM = pathlib.Path(os.environ.get("VIGIE", HERE / "target/release/vigie"))
csv.field_size_limit(sys.maxsize)


def cells(path):
    with open(path, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def beside(annotations):
    """Labels that lie beside their comments, by id; None where the recipe names none."""
    if annotations is None:
        return None
    return {row["id"]: row for row in cells(HERE / "training" / annotations["path"])}


def rows(recipe, corpora):
    """(text, labels, weight) of the recipe's labelled rows, as `vigie train` takes them."""
    labels = recipe["labels"]
    for part in recipe["corpus"]:
        path = (HERE / "training" if part.get("ours") else corpora) / part["path"]
        named, others = (beside(part.get(key)) for key in ("annotations", "without"))
        taken = 0
        for row in cells(path):
            if (named is not None and row["id"] not in named) or (others is not None and row["id"] in others):
                continue
            gold = named[row["id"]] if named is not None else {}
            said = [gold.get(label) or row.get(label) or "" for label in labels]
            if not any(said):
                continue
            for index, label in enumerate(labels):
                if label in part.get("assume_not", []) and not said[index]:
                    said[index] = "0"
            taken += 1
            if (taken - 1) % part.get("every", 1) == 0:
                yield row["text"], said, part.get("weight", 1.0)


def ours(corpora):
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["train", "--recipe", HERE / "training/recipe.toml", "--corpora", corpora]
        start, before = time.perf_counter(), os.times()
        output = ["-o", f"{folder}/made.vigie"]
        subprocess.run([PROGRAM, *arguments, *output], check=True, capture_output=True)
        after = os.times()
        busy = after.children_user - before.children_user
        return time.perf_counter() - start, busy, os.path.getsize(f"{folder}/made.vigie")


def theirs(recipe, corpora):
    from numpy import float32
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    start, before = time.perf_counter(), time.process_time()
    read = list(rows(recipe, corpora))
    texts = [text for text, _, _ in read]
    words = TfidfVectorizer(ngram_range=(1, 2), dtype=float32)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), dtype=float32)
    matrix = hstack([words.fit_transform(texts), letters.fit_transform(texts)]).tocsr()
    vectorised = time.perf_counter()
    for index, _ in enumerate(recipe["labels"]):
        known = [row for row, (_, said, _) in enumerate(read) if said[index]]
        gold = [read[row][1][index] == "1" for row in known]
        weights = [read[row][2] for row in known]
        fit = LogisticRegression(solver="liblinear", C=2.0, class_weight="balanced")
        fit.fit(matrix[known], gold, sample_weight=weights)
    end = time.perf_counter()
    return len(read), vectorised - start, end - vectorised, time.process_time() - before


def main():
    corpora = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "../shared/corpora").resolve()
    recipe = tomllib.loads((HERE / "training/recipe.toml").read_text(encoding="utf-8"))
    # The fastest counts, because noise only ever adds; in turns, because noise comes and goes.
    own, other = [], []
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else RUNS):
        own.append(ours(corpora))
        other.append(theirs(recipe, corpora))
    wall, busy, size = min(own)
    count, vectors, fits, processor = min(other, key=lambda run: run[1] + run[2])
    runs = f"{processor:.1f} s of processor"
    once, equal = vectors + fits, vectors + 6 * fits
    labels = len(recipe["labels"])
    print(f"{count} labelled rows, {labels} labels, {os.cpu_count()} processors")
    print(f"vigie, the whole recipe:            {wall:7.1f} s ({busy:.1f} s of processor), model file {size / 1e6:.2f} MB")
    print(f"scikit-learn, one fit a label:      {once:7.1f} s ({vectors:.1f} s reading and vectors, {fits:.1f} s fits; {runs})")
    print(f"scikit-learn, six fits a label:     {equal:7.1f} s (estimated)")
    print(f"scikit-learn, one fit / vigie:      {once / wall:7.2f}")
    print(f"scikit-learn, six fits / vigie:     {equal / wall:7.2f}")


if __name__ == "__main__":
    main()
