"""Times ONNX Runtime on the same encoder, exported from PyTorch: `encoder`."""

import argparse
import os
import tempfile

import onnxruntime
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from common import arguments, batches, timed, token_count


class Block(nn.Module):
    """A block of `common.Encoder`, its attention written out so that any length can be exported."""

    def __init__(self, options: argparse.Namespace):
        super().__init__()
        size = options.hidden
        self.heads = options.heads
        self.attention_norm, self.feed_forward_norm = nn.LayerNorm(size), nn.LayerNorm(size)
        self.input, self.output = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.up = nn.Linear(size, options.feed_forward)
        self.down = nn.Linear(options.feed_forward, size)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        batch, length, size = x.shape
        projected = self.input(self.attention_norm(x))
        query, key, value = (
            part.view(batch, length, self.heads, size // self.heads).transpose(1, 2)
            for part in projected.chunk(3, dim=-1))
        scores = query @ key.transpose(-1, -2) * (size // self.heads) ** -0.5
        weights = (scores if bias is None else scores + bias).softmax(-1)
        context = (weights @ value).transpose(1, 2).reshape(batch, length, size)
        x = x + self.output(context)
        return x + self.down(F.gelu(self.up(self.feed_forward_norm(x))))


class Encoder(nn.Module):
    """`common.Encoder` of such blocks; `padding` is 1 where there is no piece."""

    def __init__(self, options: argparse.Namespace):
        super().__init__()
        self.embedding = nn.Embedding(options.vocabulary, options.hidden)
        self.positions = nn.Embedding(8192, options.hidden)
        self.blocks = nn.ModuleList(Block(options) for _ in range(options.layers))
        self.norm = nn.LayerNorm(options.hidden)

    def forward(self, ids: Tensor, padding: Tensor | None = None) -> Tensor:
        x = self.embedding(ids) + self.positions.weight[: ids.shape[1]]
        bias = None if padding is None else padding[:, None, None, :] * -1e9
        for block in self.blocks:
            x = block(x, bias)
        return self.norm(x)


def session(options: argparse.Namespace) -> onnxruntime.InferenceSession:
    """The encoder with all of ONNX Runtime's graph optimisations on."""
    torch.manual_seed(1)
    model = Encoder(options).eval()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "encoder.onnx")
        inputs = [torch.zeros((2, 16), dtype=torch.int64)]
        names = ["ids"]
        if options.lengths:
            inputs.append(torch.zeros((2, 16)))
            names.append("padding")
        torch.onnx.export(
            model, tuple(inputs), path, input_names=names, output_names=["hidden"],
            opset_version=17, dynamo=False,
            dynamic_axes={name: {0: "batch", 1: "length"} for name in names + ["hidden"]})
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = options.threads
        settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        return onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])


def main() -> None:
    options = arguments(__doc__)
    runtime = session(options)
    feeds = []
    for ids, padding in batches(options):
        feed = {"ids": ids.numpy()}
        if options.lengths:
            padding = torch.zeros(ids.shape) if padding is None else padding.float()
            feed["padding"] = padding.numpy()
        feeds.append(feed)

    def read() -> None:
        for feed in feeds:
            runtime.run(None, feed)

    timed("ONNX Runtime", options, token_count(options), read)


if __name__ == "__main__":
    main()
