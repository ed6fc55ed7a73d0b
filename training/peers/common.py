"""What the peers share: the encoder in PyTorch's own modules, batches, timing, one JSON line."""

import argparse
import json
import resource
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn


def arguments(description: str) -> argparse.Namespace:
    """The options of `gloss benchmark`, for the same shapes and lengths."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("subject")
    for name, value in {
        "hidden": 256, "layers": 6, "heads": 4, "feed-forward": 1024, "vocabulary": 16000,
        "batch": 32, "length": 128, "threads": 2,
    }.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--lengths", help="a file with a length on every line")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--model", help="a SentencePiece model, for tokenizer")
    parser.add_argument("--text", help="a file with a text on every line, for tokenizer")
    return parser.parse_args()


class Encoder(nn.Module):
    """Embedding and pre-norm blocks with a plain GELU feed-forward, as most people would write it."""

    def __init__(self, options: argparse.Namespace):
        super().__init__()
        self.embedding = nn.Embedding(options.vocabulary, options.hidden)
        self.positions = nn.Embedding(8192, options.hidden)
        layer = nn.TransformerEncoderLayer(
            options.hidden, options.heads, options.feed_forward, dropout=0.1, activation="gelu",
            batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, options.layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(options.hidden)

    def forward(self, ids: Tensor, padding: Tensor | None = None) -> Tensor:
        x = self.embedding(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device))
        return self.norm(self.blocks(x, src_key_padding_mask=padding))


def batches(options: argparse.Namespace) -> list[tuple[Tensor, Tensor | None]]:
    """Random pieces [batch, longest] and, where lengths differ, which of them are padding."""
    if options.lengths:
        with open(options.lengths) as file:
            lengths = [int(line) for line in file if line.strip()]
    else:
        lengths = [options.length] * options.batch
    generator = torch.Generator().manual_seed(1)
    result = []
    for start in range(0, len(lengths), options.batch):
        part = lengths[start:start + options.batch]
        ids = torch.randint(0, options.vocabulary, (len(part), max(part)), generator=generator)
        padding = torch.arange(max(part))[None, :] >= torch.tensor(part)[:, None]
        result.append((ids, padding if padding.any() else None))
    return result


def token_count(options: argparse.Namespace) -> int:
    """Pieces that count: padding is no piece."""
    return sum(
        ids.numel() - (0 if padding is None else int(padding.sum()))
        for ids, padding in batches(options))


def timed(name: str, options: argparse.Namespace, tokens: int, body: Callable[[], None]) -> None:
    """Repeats `body`, after two repetitions that do not count, and prints the result as one JSON object."""
    body()
    body()
    times = []
    end = time.perf_counter() + options.seconds
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    times.sort()
    median = times[len(times) // 2]
    print(json.dumps({
        "program": name, "subject": options.subject, "threads": options.threads,
        "median_seconds": median, "p95_seconds": times[int(0.95 * len(times))],
        "tokens_per_second": tokens / median,
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))
