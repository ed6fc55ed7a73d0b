"""Times ONNX Runtime on the same encoder, exported from PyTorch: `encoder`."""

import os
import tempfile

import onnxruntime
import torch

from common import Encoder, arguments, batches, timed, token_count


def session(options) -> onnxruntime.InferenceSession:
    """The encoder, all of ONNX Runtime's graph optimisations on."""
    torch.manual_seed(1)
    model = Encoder(options).eval()
    # The fused layer of PyTorch's own cannot be exported.
    torch.backends.mha.set_fastpath_enabled(False)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "encoder.onnx")
        ids = torch.zeros((2, 16), dtype=torch.int64)
        padding = torch.zeros((2, 16), dtype=torch.bool)
        inputs, names = ((ids, padding), ["ids", "padding"]) if options.lengths else ((ids,), ["ids"])
        torch.onnx.export(
            model, inputs, path, input_names=names, output_names=["hidden"], opset_version=17,
            dynamic_axes={name: {0: "batch", 1: "length"} for name in names}, dynamo=False)
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
            padding = torch.zeros(ids.shape, dtype=torch.bool) if padding is None else padding
            feed["padding"] = padding.numpy()
        feeds.append(feed)

    def read() -> None:
        for feed in feeds:
            runtime.run(None, feed)

    timed("ONNX Runtime", options, token_count(options), read)


if __name__ == "__main__":
    main()
