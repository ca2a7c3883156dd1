#!/usr/bin/env python3
"""Chooses the comments that are read for Perspective's attributes: by word list, by insult score, and at random.

    python3 training/attributes.py --vigie target/release/vigie --corpora ../shared/corpora > chosen.csv

Pools: the French comments of `annotated` and `unlabelled`, and 2,000 of each English training set. From each, 70 % French:
250 comments with an entry of a word list for each of THREAT, IDENTITY_ATTACK and PROFANITY (fewer where there are no
more); 175 with a word of death or blows, because the lists know few threats; 250 that the shipped model scores 0.5 or more
for insult; 250 of all. The six draws are independent and seeded; who is drawn twice is read once.
`weight` is the inverse of the chance to be drawn at all: how many comments of the pool one stands for (Horvitz & Thompson,
1952). Texts are written nowhere: a row names a comment by its id and its file."""
import argparse
import csv
import io
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unicodedata

FRENCH = ["annotated/fr_annotated_real.csv", "unlabelled/fr_comments.csv"]
ENGLISH = ["train/en_consp_psycomark.csv", "train/en_context_toxicity_wiki.csv", "train/en_davidson.csv",
           "train/en_hatexplain.csv", "train/en_toxic_spans_civil_pos.csv"]
POOLED = 2000
DRAWN = {"fr": 175, "en": 75}
HIGH = 0.5
SEED = 6
HARM = {"fr": r" (abatt|balle dans|bastonn|brul|bute|buter|claque|cogn|creve|crever|decapit|defonc|egorg|execut|fusill|gifl"
              r"|guillotin|lynch|massacr|meur|mourir|morts? |noyer|pend(re|u|ez|ons) |peter la|poignard|sniper|tabass|tue[rsz]? "
              r"|violer )",
        "en": r" (assassinat|beat |behead|bleed|bullet|burn|choke|dead|death|die |dies |drown|execut|guillotin|gun|hang |hanged"
              r"|hung|kick|kill|lynch|murder|punch|rape|shoot|shot|slap|slit|smack|stab|strangl)"}
HARMS = {"fr": 120, "en": 55}
LISTS = {"threat": ["threat"], "identity_attack": ["group_contempt", "slur"], "profanity": ["insult_severe", "vulgar"]}


def fold(text):
    """Lower case without accents, words parted by single blanks, as near as needs be to what vigie reads."""
    plain = unicodedata.normalize("NFD", text.lower().replace("œ", "oe"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " " + " ".join(re.findall(r"[a-z0-9]+", plain)) + " "


def entries(lexicons, language, categories):
    """The folded entries of these categories, by their first word."""
    found = {}
    for category in categories:
        for line in (lexicons / language / f"{category}.txt").read_text("utf-8").splitlines():
            entry = fold(line) if line.strip() and not line.startswith("#") else "  "
            if entry.strip():
                found.setdefault(entry.split()[0], []).append(entry)
    return found


def hits(text, wanted):
    """Whether one of the entries stands in the text."""
    folded = fold(text)
    return any(entry in folded for word in set(folded.split()) for entry in wanted.get(word, []))


def scores(vigie, rows):
    """The shipped model's insult score of each row."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "pool.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["id", "text"])
            table.writerows([at, row["text"]] for at, row in enumerate(rows))
        scored = subprocess.run([vigie, "score", str(path)], check=True, stdout=subprocess.PIPE)
    table = csv.DictReader(io.StringIO(scored.stdout.decode("utf-8"), newline=""))
    return {int(row["id"]): float(row["vigie_insult"]) for row in table}


def pool(corpora, language, draw):
    """The comments that may be drawn."""
    rows = []
    for name in FRENCH if language == "fr" else ENGLISH:
        with (corpora / name).open(encoding="utf-8", newline="") as file:
            own = [{"id": row["id"], "file": name, "text": row["text"]} for row in csv.DictReader(file)
                   if row["source"] != "CAT parent (context only)"]
        rows += own if language == "fr" else draw.sample(own, min(POOLED, len(own)))
    seen = set()
    return [row for row in rows if row["text"].strip() and not (row["text"] in seen or seen.add(row["text"]))]


def choose(corpora, lexicons, vigie, language):
    """Chosen rows of one language, in order of their ids, with their weights."""
    draw = random.Random(f"{SEED} {language}")
    rows = pool(corpora, language, draw)
    insult = scores(vigie, rows)
    strata = {}
    for name, categories in LISTS.items():
        wanted = entries(lexicons, language, categories)
        strata[name] = [at for at, row in enumerate(rows) if hits(row["text"], wanted)]
    harm = re.compile(HARM[language])
    strata["harm"] = [at for at, row in enumerate(rows) if harm.search(fold(row["text"]))]
    strata["insult"] = [at for at in range(len(rows)) if insult.get(at, 0) >= HIGH]
    strata["any"] = list(range(len(rows)))
    missed, drawn = [1.0] * len(rows), {}
    for name, members in strata.items():
        count = min((HARMS if name == "harm" else DRAWN)[language], len(members))
        for at in members:
            missed[at] *= 1 - count / len(members)
        for at in draw.sample(members, count):
            drawn.setdefault(at, []).append(name)
        print(f"{language} {name}: {count} of {len(members)}", file=sys.stderr)
    for at in sorted(drawn, key=lambda at: rows[at]["id"]):
        yield rows[at]["id"], rows[at]["file"], "+".join(drawn[at]), f"{1 / (1 - missed[at]):.1f}"


def main():
    """Writes the table of what to read."""
    here = pathlib.Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vigie", default="target/release/vigie")
    parser.add_argument("--corpora", type=pathlib.Path, default=here / "../../shared/corpora")
    options = parser.parse_args()
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["id", "file", "drawn", "weight"])
    for language in ["fr", "en"]:
        table.writerows(choose(options.corpora, here / "lexicons", options.vigie, language))


if __name__ == "__main__":
    main()
