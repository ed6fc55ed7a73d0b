"""Times PyTorch: `encoder`, `encoder-compiled` and `train` (masked language modelling, AdamW)."""

import torch
import torch.nn.functional as F

from common import Encoder, arguments, batches, timed, token_count


def main() -> None:
    options = arguments(__doc__)
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    model = Encoder(options)
    data = batches(options)
    tokens = token_count(options)
    if options.subject == "train":
        model.train()
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
        # Only the masked pieces are guessed, as in Gloss.
        chosen = [torch.rand(ids.shape) < 0.15 for ids, _ in data]

        def step() -> None:
            for (ids, padding), mask in zip(data, chosen):
                hidden = model(ids.masked_fill(mask, 0), padding)
                logits = hidden[mask] @ model.embedding.weight.T
                F.cross_entropy(logits, ids[mask]).backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()

        timed("PyTorch", options, tokens, step)
        return
    model.eval()
    if options.subject == "encoder-compiled":
        model = torch.compile(model, dynamic=bool(options.lengths))

    def read() -> None:
        with torch.inference_mode():
            for ids, padding in data:
                model(ids, padding)

    timed("PyTorch", options, tokens, read)


if __name__ == "__main__":
    main()
