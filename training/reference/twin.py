"""Gloss's model and training step once more, made of PyTorch's own modules.

It takes other ways to the same numbers: every text goes through alone, query, key and value are
three layers and so are gate and up, rotary positions are products of complex numbers, each piece
of a long text looks for its window itself, and gradients come from autograd.

`stacked` says which parameters here make which tensor of our weights file.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PARTS = ("sentiment", "intents", "opinions", "names", "polarity")


@dataclass(frozen=True)
class Shape:
    """The sizes of a model, named as in config.json."""

    hidden_size: int
    layer_count: int
    attention_head_count: int
    feed_forward_size: int
    window_size: int
    window_overlap: int


@dataclass(frozen=True)
class Labels:
    """How many labels each head has, by default all of Gloss's own."""

    intents: int = 13
    opinion_types: int = 2
    name_types: int = 6


@dataclass
class Tags:
    """One layer's tags: a bit set per piece (0: unknown), and the tags that are in question."""

    allowed: list[int]
    possible: int


@dataclass
class Aspect:
    """Pieces start ..< end and the index of their polarity."""

    start: int
    end: int
    polarity: int


@dataclass
class Text:
    """One text with its labels; sets of stars, intents and tags are bit sets."""

    ids: list[int]
    allowed_stars: int = 0
    positive_intents: int = 0
    known_intents: int = 0
    opinions: Tags | None = None
    names: Tags | None = None
    aspects: list[Aspect] = field(default_factory=list)


@dataclass(frozen=True)
class Settings:
    """How to step, named as in a recipe."""

    learning_rate: float
    warmup: float
    weight_decay: float
    gradient_clip: float
    dropout: float = 0


def rotated(x: Tensor) -> Tensor:
    """Turns pair (i, i + size / 2) of row p by p * 10000^(-2i / size); x is [..., length, size]."""
    length, size = x.shape[-2:]
    frequencies = 10_000.0 ** (-2 * torch.arange(size // 2, dtype=torch.float64) / size)
    angles = torch.outer(torch.arange(length, dtype=torch.float64), frequencies)
    turn = torch.polar(torch.ones_like(angles), angles)
    point = torch.complex(*x.chunk(2, dim=-1))
    turned = point * turn.to(point.dtype)
    return torch.cat((turned.real, turned.imag), dim=-1)


class Attention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        size = shape.hidden_size
        self.heads = shape.attention_head_count
        self.query = nn.Linear(size, size, bias=False)
        self.key = nn.Linear(size, size, bias=False)
        self.value = nn.Linear(size, size, bias=False)
        self.output = nn.Linear(size, size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        def heads(y: Tensor) -> Tensor:
            return y.unflatten(-1, (self.heads, -1)).transpose(-3, -2)

        context = F.scaled_dot_product_attention(
            rotated(heads(self.query(x))), rotated(heads(self.key(x))), heads(self.value(x))
        )
        return self.output(context.transpose(-3, -2).flatten(-2))


class FeedForward(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.gate = nn.Linear(shape.hidden_size, shape.feed_forward_size, bias=False)
        self.up = nn.Linear(shape.hidden_size, shape.feed_forward_size, bias=False)
        self.output = nn.Linear(shape.feed_forward_size, shape.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.output(F.silu(self.gate(x)) * self.up(x))


class Block(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.attention_norm = nn.RMSNorm(shape.hidden_size, eps=1e-6)
        self.attention = Attention(shape)
        self.feed_forward_norm = nn.RMSNorm(shape.hidden_size, eps=1e-6)
        self.feed_forward = FeedForward(shape)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.attention_norm(x))
        return x + self.feed_forward(self.feed_forward_norm(x))


class Head(nn.Module):
    """Attention of one learned query over the rows, then a linear layer: one row of logits."""

    def __init__(self, hidden_size: int, label_count: int):
        super().__init__()
        self.query = nn.Parameter(torch.zeros(hidden_size))
        self.output = nn.Linear(hidden_size, label_count)

    def forward(self, rows: Tensor) -> Tensor:
        pooled = F.scaled_dot_product_attention(self.query[None], rows, rows, scale=1.0)
        return self.output(pooled[0])


class LabelHead(nn.Module):
    """For every label attention of a query of its own over the rows, and a weight that reads it."""

    def __init__(self, hidden_size: int, label_count: int):
        super().__init__()
        self.query = nn.Parameter(torch.zeros(label_count, hidden_size))
        self.output = nn.Linear(hidden_size, label_count)

    def forward(self, rows: Tensor) -> Tensor:
        pooled = F.scaled_dot_product_attention(self.query, rows, rows, scale=1.0)
        return (pooled * self.output.weight).sum(dim=-1) + self.output.bias


class Twin(nn.Module):
    """Encoder, five heads and the bias of the vocabulary logits."""

    def __init__(self, shape: Shape, vocabulary_size: int, labels: Labels = Labels()):
        super().__init__()
        size = shape.hidden_size
        self.shape = shape
        self.embedding = nn.Embedding(vocabulary_size, size)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layer_count))
        self.final_norm = nn.RMSNorm(size, eps=1e-6)
        self.sentiment = Head(size, 5)
        self.intents = LabelHead(size, labels.intents)
        self.opinions = nn.Linear(size, 1 + 2 * labels.opinion_types)
        self.names = nn.Linear(size, 1 + 2 * labels.name_types)
        self.polarity = Head(size, 3)
        self.vocabulary_bias = nn.Parameter(torch.zeros(vocabulary_size))

    def encode(self, windows: Tensor) -> Tensor:
        """[windows, length] pieces to [windows, length, hidden]."""
        x = self.embedding(windows)
        for block in self.blocks:
            x = block(x)
        return self.final_norm(x)

    def states(self, ids: list[int]) -> Tensor:
        """The hidden state of every piece: [pieces, hidden].

        Each comes from the window in which its piece stands farthest from the edge, the later one
        of two equals.
        """
        count, size = len(ids), self.shape.window_size
        if count <= size:
            return self.encode(torch.tensor([ids]))[0]
        starts = list(range(0, count - size, size - self.shape.window_overlap)) + [count - size]
        windows = self.encode(torch.tensor([ids[start : start + size] for start in starts]))
        rows = []
        for piece in range(count):
            holders = [w for w, start in enumerate(starts) if start <= piece < start + size]
            window = max(
                holders,
                key=lambda w: (min(piece - starts[w], starts[w] + size - 1 - piece), w),
            )
            rows.append(windows[window, piece - starts[window]])
        return torch.stack(rows)

    def vocabulary_logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.embedding.weight, self.vocabulary_bias)

    def stacked(self) -> Iterator[tuple[str, list[nn.Parameter]]]:
        """Each tensor of our weights file, and the parameters whose rows it stacks, in order."""
        yield "encoder.embedding.weight", [self.embedding.weight]
        for index, block in enumerate(self.blocks):
            name, attention, feed_forward = f"encoder.{index}", block.attention, block.feed_forward
            yield f"{name}.attention_norm.gain", [block.attention_norm.weight]
            yield (
                f"{name}.attention.input.weight",
                [attention.query.weight, attention.key.weight, attention.value.weight],
            )
            yield f"{name}.attention.output.weight", [attention.output.weight]
            yield f"{name}.feed_forward_norm.gain", [block.feed_forward_norm.weight]
            yield (
                f"{name}.feed_forward.input.weight",
                [feed_forward.gate.weight, feed_forward.up.weight],
            )
            yield f"{name}.feed_forward.output.weight", [feed_forward.output.weight]
        yield "encoder.final_norm.gain", [self.final_norm.weight]
        for name, head in (
            ("sentiment", self.sentiment),
            ("intents", self.intents),
            ("opinions.polarity", self.polarity),
        ):
            yield f"{name}.pooling.query", [head.query]
            yield f"{name}.output.weight", [head.output.weight]
            yield f"{name}.output.bias", [head.output.bias]
        for name, layer in (("opinions.tags", self.opinions), ("names.tags", self.names)):
            yield f"{name}.weight", [layer.weight]
            yield f"{name}.bias", [layer.bias]
        yield "pretraining.vocabulary_bias", [self.vocabulary_bias]

    def values(self) -> dict[str, Tensor]:
        """Every parameter, named and stacked as in our weights file."""
        return {name: torch.cat([p.detach() for p in parts]) for name, parts in self.stacked()}

    def gradients(self) -> dict[str, Tensor]:
        """Every parameter's gradient, named and stacked as in our weights file."""
        return {
            name: torch.cat([torch.zeros_like(p) if p.grad is None else p.grad for p in parts])
            for name, parts in self.stacked()
        }

    def load(self, values: dict[str, Tensor]) -> None:
        """Takes every parameter from the tensors of our weights file."""
        with torch.no_grad():
            for name, parts in self.stacked():
                rows = values[name].split([len(p) for p in parts])
                for parameter, part in zip(parts, rows, strict=True):
                    parameter.copy_(part)


def bits(value: int) -> list[int]:
    """The places of a bit set's ones, rising."""
    return [place for place in range(value.bit_length()) if value >> place & 1]


def partial_cross_entropy(logits: Tensor, allowed: int) -> Tensor:
    """Minus the log of the probability of all allowed classes together."""
    return torch.logsumexp(logits, 0) - torch.logsumexp(logits[bits(allowed)], 0)


def intents_loss(logits: Tensor, text: Text) -> Tensor:
    """The sum over the intents of which it is known whether the text has them."""
    known = bits(text.known_intents)
    targets = [float(text.positive_intents >> intent & 1) for intent in known]
    return F.binary_cross_entropy_with_logits(
        logits[known], torch.tensor(targets, dtype=logits.dtype), reduction="sum"
    )


def tags_loss(logits: Tensor, tags: Tags) -> Tensor:
    """The sum over the pieces whose tag is known, among the tags that are in question."""
    possible = bits(tags.possible)
    known = [row for row, allowed in enumerate(tags.allowed) if allowed]
    targets = [possible.index(bits(tags.allowed[row])[0]) for row in known]
    return F.cross_entropy(
        logits[known][:, possible], torch.tensor(targets, dtype=torch.long), reduction="sum"
    )


def label_losses(twin: Twin, texts: list[Text]) -> dict[str, tuple[Tensor, int]]:
    """Each part's summed loss, and how many texts, pieces or aspects it is a sum over."""
    terms: dict[str, list[Tensor]] = {part: [] for part in PARTS}
    units = dict.fromkeys(PARTS, 0)
    for text in texts:
        hidden = twin.states(text.ids)
        if text.allowed_stars:
            loss = partial_cross_entropy(twin.sentiment(hidden), text.allowed_stars)
            terms["sentiment"].append(loss)
            units["sentiment"] += 1
        if text.known_intents:
            terms["intents"].append(intents_loss(twin.intents(hidden), text))
            units["intents"] += 1
        for part, layer, tags in (
            ("opinions", twin.opinions, text.opinions),
            ("names", twin.names, text.names),
        ):
            if tags is not None:
                terms[part].append(tags_loss(layer(hidden), tags))
                units[part] += sum(allowed != 0 for allowed in tags.allowed)
        for aspect in text.aspects:
            logits = twin.polarity(hidden[aspect.start : aspect.end])
            terms["polarity"].append(F.cross_entropy(logits, torch.tensor(aspect.polarity)))
            units["polarity"] += 1
    zero = twin.vocabulary_bias.new_zeros(())
    return {part: (sum(terms[part], zero), units[part]) for part in PARTS}


def total_loss(
    losses: dict[str, tuple[Tensor, int]], head_weights: dict[str, float]
) -> Tensor:
    """What a step minimises: the weighted sum of the parts' means."""
    return sum(head_weights[part] * loss / max(units, 1) for part, (loss, units) in losses.items())


class Stepper:
    """AdamW with warm-up, half cosine, clipping, and decay of matrices only."""

    def __init__(self, twin: Twin, settings: Settings, steps: int):
        self.twin = twin
        self.clip = settings.gradient_clip
        parameters = list(twin.parameters())
        self.optimizer = torch.optim.AdamW(
            [
                {
                    "params": [p for p in parameters if p.dim() == 2],
                    "weight_decay": settings.weight_decay,
                },
                {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
            ],
            lr=settings.learning_rate,
            betas=(0.9, 0.98),
            eps=1e-6,
        )
        warmup_steps = int(steps * settings.warmup)

        def factor(steps_done: int) -> float:
            step = steps_done + 1
            if step <= warmup_steps:
                return step / warmup_steps
            progress = (step - warmup_steps) / (steps - warmup_steps + 1)
            return (1 + math.cos(math.pi * progress)) / 2

        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, factor)

    def step(self, loss: Tensor) -> tuple[float, float]:
        """Takes one step; its learning rate, and the gradient's norm before clipping."""
        # AdamW leaves alone what has no gradient; ours decays it and follows its moments.
        for parameter in self.twin.parameters():
            parameter.grad = torch.zeros_like(parameter)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.twin.parameters(), self.clip)
        rate = self.schedule.get_last_lr()[0]
        self.optimizer.step()
        self.schedule.step()
        return rate, norm.item()
