"""Rewrite the tables of a model's card and of README.md from the model's metrics.json.

    gloss evaluate --corpora DIR --json NAMES > models/gloss-small/metrics.json
    python3 training/card.py

A table is known by its first line and ends with the first empty one; what stands around the tables
is written by people, and is theirs to check against the new figures.
"""

import argparse
import collections
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Name, corpus, head, measure, aim, scikit-learn's TF-IDF with logistic regression.
AIMS = [
    ("IMDB accuracy", "imdb", "sentiment", "accuracy", 0.92, 0.909),
    ("SST-2 accuracy", "sst-2", "sentiment", "accuracy", 0.85, 0.813),
    ("SST-5 accuracy", "sst-5", "sentiment", "accuracy", 0.45, 0.405),
    ("ChnSentiCorp accuracy", "chnsenticorp", "sentiment", "accuracy", 0.935, 0.928),
    ("online-shopping accuracy, own hash split", "online-shopping", "sentiment", "accuracy", 0.945, 0.937),
    ("SemEval-2014 laptops, aspects, F1", "semeval2014-laptops", "opinions", "ASPECT", 0.68, None),
    ("Broad Twitter, names, F1", "broad-twitter", "names", "micro", 0.6, None),
    ("Zhijiang, aspects, F1", "zhijiang", "opinions", "ASPECT", 0.7, None),
    ("Zhijiang, opinions, F1", "zhijiang", "opinions", "OPINION", 0.7, None),
    ("suggestion F1", "suggestion", "intents", "micro", 0.65, None),
    ("CLINC150, mapped intents, macro F1", "clinc150", "intents", "macro", 0.85, None),
]

# Name and measure as README.md says them, corpus, head, measure.
README = [
    ("IMDB, sentiment", "accuracy", "imdb", "sentiment", "accuracy"),
    ("SST-2, sentiment", "accuracy", "sst-2", "sentiment", "accuracy"),
    ("SST-5, five classes", "accuracy", "sst-5", "sentiment", "accuracy"),
    ("Yelp (own split), five classes", "accuracy", "yelp-10k", "sentiment", "accuracy"),
    ("ChnSentiCorp, sentiment", "accuracy", "chnsenticorp", "sentiment", "accuracy"),
    ("online-shopping (own split), sentiment", "accuracy", "online-shopping", "sentiment", "accuracy"),
    ("SemEval-2014 laptops, aspects", "span F1", "semeval2014-laptops", "opinions", "ASPECT"),
    ("SemEval-2014 restaurants (own split), aspects", "span F1", "semeval2014-restaurants", "opinions", "ASPECT"),
    ("Zhijiang (own split), aspects", "span F1", "zhijiang", "opinions", "ASPECT"),
    ("Zhijiang (own split), opinions", "span F1", "zhijiang", "opinions", "OPINION"),
    ("SemEval-2014 laptops, polarity of aspects", "accuracy", "semeval2014-laptops", "polarity", "accuracy"),
    ("Broad Twitter, names", "span F1", "broad-twitter", "names", "micro"),
    ("WNUT-17 (development file), names", "span F1", "wnut17", "names", "micro"),
    ("CLUENER (own split), names", "span F1", "cluener2020", "names", "micro"),
    ("suggestion mining, suggestion", "F1", "suggestion", "intents", "micro"),
    ("CLINC150, mapped intents", "macro F1", "clinc150", "intents", "macro"),
    ("written-reviews (our own, synthetic), intents", "macro F1", "written-reviews", "intents", "macro"),
    ("marked-reviews (our own, synthetic), names", "span F1", "marked-reviews", "names", "micro"),
]

CONFUSIONS = ["sst-5", "yelp-10k", "womens-clothing"]


def figure(scores, measure):
    """One figure of `scores`: accuracy, the mean F1 of labels, or the F1 of one label."""
    if scores is None:
        return None
    if measure == "accuracy":
        return scores["accuracy"]
    if measure in ("micro", "macro"):
        return scores[measure]["f1"]
    return scores["labels"].get(measure, {"f1": 0})["f1"]


def main_measure(head):
    return "accuracy" if head in ("sentiment", "polarity") else "micro"


def decimal(value):
    return "–" if value is None else f"{value:.3f}"


def interval(scores, measure):
    """The 95 % interval of a figure; a label has one of its own where there is no other."""
    if measure in scores["labels"] and len(scores["labels"]) == 1:
        measure = "micro"
    name = {"accuracy": "accuracy", "micro": "micro_f1", "macro": "macro_f1"}.get(measure)
    found = scores.get("intervals", {}).get(name)
    return f"{found['low']:.3f} to {found['high']:.3f}" if found else "–"


def row(*cells):
    return "| " + " | ".join(cells) + " |"


class Metrics:
    """What `gloss evaluate --json` printed."""

    def __init__(self, path):
        found = json.loads(path.read_text())
        self.heads = {(c["corpus"], h["head"]): (c, h) for c in found["corpora"] for h in c["heads"]}
        self.corpora = found["corpora"]

    def cells(self, corpus, head, measure):
        """Figure, interval, encoder alone, linear part, majority."""
        found = self.heads[corpus, head][1]
        scores = found["scores"]
        return (
            f"**{decimal(figure(scores, measure))}**",
            interval(scores, measure),
            decimal(figure(found.get("encoder"), measure)),
            decimal(figure(found.get("linear"), measure)),
            decimal(figure(found.get("majority"), measure)),
        )


def aims(metrics):
    for name, corpus, head, measure, aim, sklearn in AIMS:
        value, between, encoder, linear, majority = metrics.cells(corpus, head, measure)
        yield row(name, str(aim), value, between, encoder, linear, decimal(sklearn), majority)


def readme(metrics):
    for name, says, corpus, head, measure in README:
        value, between, _, linear, majority = metrics.cells(corpus, head, measure)
        yield row(name, says, value.strip("*"), between, linear, majority)


def all_corpora(metrics, new):
    for corpus in sorted(metrics.corpora, key=lambda c: c["corpus"]):
        for head in sorted(corpus["heads"], key=lambda h: h["head"]):
            name = corpus["corpus"] + (" *(new)*" if corpus["corpus"] in new else "")
            facts = (name, corpus["domain"], head["head"], f"{head['texts']:,}")
            if not head["scores"]["labels"]:
                yield row(*facts, *["–"] * 7)
                continue
            measure = main_measure(head["head"])
            errors = head.get("reliability") or {}
            # The encoder of spans is not calibrated apart.
            before = errors.get("error_before") if "encoder" in head else None
            yield row(
                *facts, *metrics.cells(corpus["corpus"], head["head"], measure),
                decimal(errors.get("error")), decimal(before))


def domains(metrics):
    groups = collections.defaultdict(list)
    for corpus in metrics.corpora:
        for head in corpus["heads"]:
            if head["scores"]["labels"]:
                groups[head["head"], corpus["domain"], main_language(head)].append(head)
    for key in sorted(groups):
        measure = main_measure(key[0])
        found = groups[key]
        values = [figure(h["scores"], measure) for h in found]
        linear = [figure(h["linear"], measure) for h in found if "linear" in h]
        yield row(
            *key, str(len(found)), f"{sum(h['texts'] for h in found):,}",
            decimal(sum(values) / len(values)),
            decimal(sum(linear) / len(linear) if linear else None))


def main_language(head):
    """The language of most texts; both where each has a quarter of them."""
    texts = {s["value"]: s["texts"] for s in head["slices"] if s["dimension"] == "language"}
    texts = {language: texts.get(language, 0) for language in ("en", "zh")}
    if 4 * min(texts.values()) >= sum(texts.values()):
        return "en, zh"
    return max(texts, key=texts.get)


def replaced(lines, header, rows):
    """`lines` with the rows below each table's two head lines; the first table that starts with `header`."""
    start = next((i for i, line in enumerate(lines) if line.startswith(header)), None)
    if start is None:
        sys.exit(f"card.py: no table begins with '{header}'")
    end = next(i for i in range(start, len(lines) + 1) if i == len(lines) or not lines[i].startswith("|"))
    return lines[: start + 2] + list(rows) + lines[end:]


def confusion(lines, metrics, corpus):
    matrix = metrics.heads[corpus, "sentiment"][1]["confusion"]
    start = lines.index(f"{corpus}, rows as labelled, columns as read:")
    rows = [row(c, *map(str, counts)) for c, counts in zip(matrix["classes"], matrix["counts"])]
    return lines[:start] + replaced(lines[start:], "| |", rows)


def published(lines, metrics):
    """Systems as they stand, with this model's figure beside each."""
    header = "| corpus | system |"
    start = next(i for i, line in enumerate(lines) if line.startswith(header))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        corpus, system, measure, theirs, _ = [cell.strip() for cell in line.strip("|").split("|")]
        ours = next(a for a in AIMS if a[1] == corpus)
        value = metrics.cells(corpus, ours[2], ours[3])[0].strip("*")
        rows.append(row(corpus, system, measure, theirs, value))
    return replaced(lines, header, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", type=pathlib.Path, default=ROOT / "models/gloss-small")
    model = parser.parse_args().model
    metrics = Metrics(model / "metrics.json")

    card = model / "README.md"
    lines = card.read_text().split("\n")
    new = {line.split("*(new)*")[0].strip("| ") for line in lines if "*(new)*" in line}
    lines = replaced(lines, "| | aim |", aims(metrics))
    lines = replaced(lines, "| corpus | domain |", all_corpora(metrics, new))
    lines = replaced(lines, "| head | domain |", domains(metrics))
    for corpus in CONFUSIONS:
        lines = confusion(lines, metrics, corpus)
    lines = published(lines, metrics)
    card.write_text("\n".join(lines))

    page = ROOT / "README.md"
    lines = replaced(page.read_text().split("\n"), "| corpus | measure |", readme(metrics))
    page.write_text("\n".join(lines))


main()
