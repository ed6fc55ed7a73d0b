"""Writes the reference fixtures, or checks that a folder holds what this script writes.

    python make_fixtures.py                # writes fixtures/ beside this script
    python make_fixtures.py --check DIR    # compares DIR byte for byte; status 1 when it differs

Everything is computed in float64 from weights that float32 holds exactly; tensors are stored as
float32, losses and norms as JSON numbers.
"""

import argparse
import filecmp
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save
from torch import Tensor

from twin import (
    Aspect, Settings, Shape, Stepper, Tags, Text, Twin, bits, label_losses, total_loss,
)

SEED = 20261121
VOCABULARY_SIZE = 48
SHAPE = Shape(
    hidden_size=16,
    layer_count=2,
    attention_head_count=2,
    feed_forward_size=24,
    window_size=12,
    window_overlap=4,
)
HEAD_WEIGHTS = {
    "sentiment": 0.5, "intents": 0.25, "opinions": 1.5, "names": 1.0, "polarity": 0.75,
}
# The clip lies among the norms of the ten steps: `make_labels` checks that some are cut and some not.
SETTINGS = Settings(learning_rate=0.005, warmup=0.3, weight_decay=0.1, gradient_clip=9)
STEP_COUNT = 10
ALL_OPINIONS, ASPECTS_ONLY = 0b11111, 0b00111
ALL_NAMES, TWO_NAME_TYPES = 0b1_1111_1111_1111, 0b0_0001_1001_1001


def start_weights(twin: Twin, rng: np.random.Generator) -> dict[str, Tensor]:
    """Random multiples of 1/1024, none of them zero, so that no term of any gradient vanishes."""
    weights = {}
    for name, value in twin.values().items():
        if name.endswith(".gain"):
            mean, deviation = 1.0, 0.3
        elif name.endswith((".query", ".bias", "_bias")):
            mean, deviation = 0.1, 0.5
        else:
            mean, deviation = 0.0, 1.2 / value.shape[1] ** 0.5
        units = np.rint(rng.normal(mean, deviation, value.shape) * 1024)
        units[units == 0] = 1
        weights[name] = torch.tensor(units / 1024, dtype=torch.float64)
    return weights


def random_tags(rng: np.random.Generator, length: int, possible: int) -> Tags:
    """A random tag for every piece, unknown for one in five."""
    choices = [1 << tag for tag in bits(possible)]
    allowed = [0 if rng.random() < 0.2 else int(rng.choice(choices)) for _ in range(length)]
    return Tags(allowed, possible)


def random_text(rng: np.random.Generator, length: int) -> Text:
    """Random pieces with random labels of every kind, each kind missing from one in four."""

    def labelled() -> bool:
        return bool(rng.random() < 0.75)

    text = Text(ids=rng.integers(VOCABULARY_SIZE, size=length).tolist())
    if labelled():
        text.allowed_stars = int(rng.choice([0b00001, 0b00011, 0b00100, 0b01000, 0b11000]))
    if labelled():
        text.known_intents = int(rng.integers(1, 1 << 13))
        text.positive_intents = int(rng.integers(1 << 13)) & text.known_intents
    if labelled():
        text.opinions = random_tags(rng, length, int(rng.choice([ALL_OPINIONS, ASPECTS_ONLY])))
        for _ in range(rng.integers(3)):
            start = int(rng.integers(length))
            end = int(rng.integers(start + 1, length + 1))
            text.aspects.append(Aspect(start, end, polarity=int(rng.integers(3))))
    if labelled():
        text.names = random_tags(rng, length, int(rng.choice([ALL_NAMES, TWO_NAME_TYPES])))
    return text


def fully_labelled(rng: np.random.Generator, length: int, opinions: int, names: int) -> Text:
    """A text with every kind of label and overlapping aspects, one of them the whole text."""
    text = random_text(rng, length)
    text.allowed_stars = 0b00011 if length % 2 else 0b01000
    text.known_intents = 0b1_0110_1101_1011
    text.positive_intents = 0b0_0100_1000_0010
    text.opinions = random_tags(rng, length, opinions)
    text.names = random_tags(rng, length, names)
    text.aspects = [
        Aspect(0, length, polarity=0),
        Aspect(length // 3, length // 3 + 1, polarity=1),
        Aspect(length // 2, length, polarity=2),
    ]
    return text


def step_batches(rng: np.random.Generator) -> list[list[Text]]:
    """Ten batches: mostly small ones, one without sentiment or aspects, two of two shards."""
    batches = []
    for step in range(STEP_COUNT):
        count, longest = (84, 40) if step in (4, 8) else (6, 30)
        batch = [random_text(rng, int(rng.integers(1, longest + 1))) for _ in range(count)]
        if step == 6:
            for text in batch:
                text.allowed_stars, text.aspects = 0, []
        batches.append(batch)
    return batches


def as_json(text: Text) -> dict:
    """A text's fields; labels that it does not have are left out."""
    return {key: value for key, value in asdict(text).items() if value not in (0, None, [])}


def write_json(path: Path, value: dict) -> None:
    """One line per member, and per element of lists one level down, so that changes are seen.

    Twelve digits: the last ones of a double depend on the CPU.
    """

    def rounded(item):
        if isinstance(item, float):
            return float(f"{item:.12g}")
        if isinstance(item, dict):
            return {key: rounded(element) for key, element in item.items()}
        return [rounded(element) for element in item] if isinstance(item, list) else item

    def compact(item) -> str:
        return json.dumps(rounded(item), separators=(",", ":"))

    def lines(item) -> str:
        if isinstance(item, list) and item and isinstance(item[0], (dict, list)):
            return "[\n  " + ",\n  ".join(compact(element) for element in item) + "]"
        return compact(item)

    members = [f"{json.dumps(key)}:{lines(item)}" for key, item in value.items()]
    path.write_text("{\n" + ",\n".join(members) + "}\n", encoding="utf-8")


def write_tensors(path: Path, groups: dict[str, dict[str, Tensor]]) -> None:
    """Tensors as float32, named group/name."""
    data = save(
        {
            f"{group}/{name}": tensor.detach().to(torch.float32).contiguous()
            for group, tensors in groups.items()
            for name, tensor in tensors.items()
        }
    )
    path.write_bytes(data)


def make_labels(folder: Path, weights: dict[str, Tensor], rng: np.random.Generator) -> None:
    """Logits, losses and gradients of all heads, then ten steps."""
    twin = Twin(SHAPE, VOCABULARY_SIZE).double()
    twin.load(weights)
    # One piece; a part of a window; one window; two, three and four windows.
    texts = [random_text(rng, length) for length in (1, 7, 12, 13, 30)] + [
        fully_labelled(rng, 1, ASPECTS_ONLY, ALL_NAMES),
        fully_labelled(rng, 12, ALL_OPINIONS, TWO_NAME_TYPES),
        fully_labelled(rng, 21, ASPECTS_ONLY, TWO_NAME_TYPES),
        fully_labelled(rng, 30, ALL_OPINIONS, ALL_NAMES),
    ]
    states = [twin.states(text.ids) for text in texts]
    spans = [
        hidden[aspect.start : aspect.end]
        for hidden, text in zip(states, texts, strict=True)
        for aspect in text.aspects
    ]
    logits = {
        "sentiment": torch.stack([twin.sentiment(hidden) for hidden in states]),
        "intents": torch.stack([twin.intents(hidden) for hidden in states]),
        "opinions": twin.opinions(torch.cat(states)),
        "names": twin.names(torch.cat(states)),
        "polarity": torch.stack([twin.polarity(span) for span in spans]),
    }
    losses = label_losses(twin, texts)
    total_loss(losses, HEAD_WEIGHTS).backward()
    gradients = twin.gradients()

    batches = step_batches(rng)
    twin = Twin(SHAPE, VOCABULARY_SIZE).double()
    twin.load(weights)
    stepper = Stepper(twin, SETTINGS, STEP_COUNT)
    reports = []
    for batch in batches:
        parts = label_losses(twin, batch)
        rate, norm = stepper.step(total_loss(parts, HEAD_WEIGHTS))
        reports.append({
            "losses": {
                part: loss.item() / units for part, (loss, units) in parts.items() if units
            },
            "learning_rate": rate,
            "gradient_norm": norm,
        })
    cut = [report["gradient_norm"] > SETTINGS.gradient_clip for report in reports]
    assert 3 <= sum(cut) <= 7, [report["gradient_norm"] for report in reports]

    write_tensors(
        folder / "labels.safetensors",
        {"weights": weights, "logits": logits, "gradients": gradients, "stepped": twin.values()},
    )
    write_json(
        folder / "labels.json",
        {
            "seed": SEED,
            "vocabulary_size": VOCABULARY_SIZE,
            "shape": asdict(SHAPE),
            "head_weights": HEAD_WEIGHTS,
            "settings": asdict(SETTINGS),
            "losses": {part: loss.item() for part, (loss, _) in losses.items()},
            "units": {part: units for part, (_, units) in losses.items()},
            "texts": [as_json(text) for text in texts],
            "batches": [[as_json(text) for text in batch] for batch in batches],
            "steps": reports,
        },
    )


def make_masked(folder: Path, weights: dict[str, Tensor], rng: np.random.Generator) -> None:
    """Vocabulary logits, loss and gradients of guessing pieces; the same weights."""
    twin = Twin(SHAPE, VOCABULARY_SIZE).double()
    twin.load(weights)
    mask = 3
    original = [rng.integers(4, VOCABULARY_SIZE, size=n).tolist() for n in (1, 5, 12, 12, 9, 8)]
    original[4] = original[3][:9]  # the same pieces, and so the same targets, twice
    # The places to guess: all, none, some; a piece is masked, replaced by another, or stays.
    places = [[0], [], [0, 3, 4, 11], [2, 5, 6, 7], [2, 6], [1, 7]]
    shown = [list(ids) for ids in original]
    for number, (ids, chosen) in enumerate(zip(shown, places, strict=True)):
        for place in chosen:
            kind = (number + place) % 4
            if kind == 0:
                ids[place] = int(rng.integers(4, VOCABULARY_SIZE))
            elif kind > 1:
                ids[place] = mask
    logits = torch.cat([
        twin.vocabulary_logits(twin.states(ids)[chosen])
        for ids, chosen in zip(shown, places, strict=True)
    ])
    targets = [
        ids[place] for ids, chosen in zip(original, places, strict=True) for place in chosen
    ]
    loss = F.cross_entropy(logits, torch.tensor(targets), reduction="sum")
    lengths = [len(ids) for ids in shown]
    # As in training: the expected number of guesses, not the actual one.
    units = 0.15 * sum(lengths)
    (loss / units).backward()
    starts = np.cumsum([0, *lengths[:-1]]).tolist()
    write_tensors(
        folder / "masked.safetensors",
        {"logits": {"vocabulary": logits}, "gradients": twin.gradients()},
    )
    write_json(
        folder / "masked.json",
        {
            "ids": [piece for ids in shown for piece in ids],
            "lengths": lengths,
            "positions": [
                start + place
                for start, chosen in zip(starts, places, strict=True)
                for place in chosen
            ],
            "targets": targets,
            "units": units,
            "loss": loss.item(),
        },
    )


def make(folder: Path) -> None:
    """Writes all fixtures."""
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    weights = start_weights(Twin(SHAPE, VOCABULARY_SIZE), rng)
    make_labels(folder, weights, rng)
    make_masked(folder, weights, rng)


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes or checks the reference fixtures.")
    parser.add_argument("--check", metavar="DIR", type=Path, help="compare DIR, write nothing")
    folder = parser.parse_args().check
    if folder is None:
        make(Path(__file__).parent / "fixtures")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary)
        make(fresh)
        names = sorted(path.name for path in fresh.iterdir())
        _, different, missing = filecmp.cmpfiles(fresh, folder, names, shallow=False)
    for name in different + missing:
        print(f"{folder / name}: differs from what this script makes", file=sys.stderr)
    return 1 if different or missing else 0


if __name__ == "__main__":
    sys.exit(main())
