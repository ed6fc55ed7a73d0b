"""Fifty training steps on real text, by the twin; then the table that sets Gloss's beside them.

    python loss_curve.py DATA_DIR FOLDER    # DATA_DIR as for `gloss train --corpora`; needs IMDB
    python loss_curve.py --table FOLDER     # after the Swift test LossCurveTests

FOLDER holds text of the corpus: keep it outside the project. All in float32, as Gloss computes.
"""

import argparse
import gzip
import json
import random
import re
import sys
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import save
from sentencepiece import SentencePieceProcessor

from twin import Settings, Shape, Stepper, Text, Twin, label_losses

PROJECT = Path(__file__).resolve().parents[2]
SEED = 50
STEP_COUNT = 50
# Few enough batches to be met five times, so that the loss has somewhere to fall.
BATCH_COUNT = 10
TEXTS_PER_STEP = 24
MAXIMUM_PIECES = 200
SHAPE = Shape(
    hidden_size=64,
    layer_count=2,
    attention_head_count=2,
    feed_forward_size=128,
    window_size=128,
    window_overlap=32,
)
SETTINGS = Settings(learning_rate=0.005, warmup=0.1, weight_decay=0.01, gradient_clip=1.0)
# The stars that a label allows, as corpora/imdb.yaml says.
STARS = {0: 0b00011, 1: 0b11000}


def read_texts(data: Path) -> list[tuple[str, int]]:
    """Random training reviews with their labels; HTML line breaks become line feeds."""
    with gzip.open(data / "imdb" / "imdb_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    chosen = random.Random(SEED).sample(rows, BATCH_COUNT * TEXTS_PER_STEP)
    return [
        (re.sub(r"<br\s*/?>", "\n", row["text"], flags=re.IGNORECASE), row["label"])
        for row in chosen
    ]


def train(data: Path, folder: Path) -> None:
    """Writes the batches, the start weights and the twin's losses."""
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = SentencePieceProcessor(
        model_file=str(PROJECT / "models" / "gloss-tiny" / "tokenizer.model")
    )
    rows = read_texts(data)
    encodings = [tokenizer.encode(text) for text, _ in rows]
    texts = [
        Text(ids=ids[:MAXIMUM_PIECES], allowed_stars=STARS[label])
        for ids, (_, label) in zip(encodings, rows, strict=True)
    ]
    batches = [
        texts[start : start + TEXTS_PER_STEP] for start in range(0, len(texts), TEXTS_PER_STEP)
    ] * (STEP_COUNT // BATCH_COUNT)

    twin = Twin(SHAPE, tokenizer.vocab_size())
    with torch.no_grad():
        for parameter in twin.parameters():
            if parameter.dim() == 2:
                parameter.normal_(std=parameter.shape[1] ** -0.5)
        for name, parameter in twin.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
    start = {f"weights/{name}": value.clone() for name, value in twin.values().items()}
    (folder / "batches.safetensors").write_bytes(save(start))
    (folder / "batches.json").write_text(
        json.dumps({
            "vocabulary_size": tokenizer.vocab_size(),
            "shape": asdict(SHAPE),
            "settings": asdict(SETTINGS),
            "batches": [
                [{"ids": text.ids, "allowed_stars": text.allowed_stars} for text in batch]
                for batch in batches
            ],
            # Whole, to be compared with what our tokenizer makes of the texts.
            "encodings": [
                {"text": text, "ids": ids} for (text, _), ids in zip(rows, encodings, strict=True)
            ],
        }),
        encoding="utf-8",
    )

    stepper = Stepper(twin, SETTINGS, STEP_COUNT)
    curve = []
    for step, batch in enumerate(batches, start=1):
        loss, units = label_losses(twin, batch)["sentiment"]
        _, norm = stepper.step(loss / units)
        curve.append({"loss": loss.item() / units, "gradient_norm": norm})
        print(f"{step}: {curve[-1]['loss']:.6f}", file=sys.stderr)
    (folder / "twin.json").write_text(json.dumps(curve), encoding="utf-8")


def print_table(folder: Path) -> None:
    """Every fifth step of both runs, and the largest difference of all steps, as Markdown."""
    twin = [step["loss"] for step in json.loads((folder / "twin.json").read_text())]
    gloss = [step["loss"] for step in json.loads((folder / "gloss.json").read_text())]
    differences = [abs(ours - theirs) / theirs for ours, theirs in zip(gloss, twin, strict=True)]
    print("| step | PyTorch | Gloss | relative difference |")
    print("|---|---|---|---|")
    for step in [1, *range(5, len(twin) + 1, 5)]:
        numbers = twin[step - 1], gloss[step - 1], differences[step - 1]
        print("| {} | {:.7f} | {:.7f} | {:.1e} |".format(step, *numbers))
    largest = max(differences)
    print(f"\nLargest relative difference: {largest:.1e}, in step {differences.index(largest) + 1}.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fifty training steps on real text.")
    parser.add_argument("data", nargs="?", type=Path, help="the folder of the corpora")
    parser.add_argument("folder", type=Path, help="where batches, weights and losses are kept")
    parser.add_argument("--table", action="store_true", help="print the table of both runs")
    arguments = parser.parse_args()
    if arguments.table:
        print_table(arguments.folder)
    elif arguments.data is None:
        parser.error("name the folder of the corpora, then the folder to write")
    elif arguments.folder.resolve().is_relative_to(PROJECT):
        parser.error(f"{arguments.folder} lies in the project; text of a corpus stays outside it")
    else:
        train(arguments.data, arguments.folder)


if __name__ == "__main__":
    main()
