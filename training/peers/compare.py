"""Runs Gloss and its peers in turn on the same shapes and prints the table of ratios.

Every round runs each program once, so that a machine that is busy for a while slows all of them;
a ratio is the median of the rounds' ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
LENGTHS = os.path.join(FOLDER, "imdb-lengths.txt")


def run(command: list[str]) -> dict:
    """The JSON object that a program prints last."""
    result = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr}")
    return json.loads(result.stdout.strip().splitlines()[-1])


def peer(script: str, *options: str) -> list[str]:
    return [sys.executable, os.path.join(FOLDER, script), *options]


def samples() -> str:
    """A file of the project's own reviews, twenty times over."""
    path = os.path.join(tempfile.mkdtemp(), "texts.txt")
    with open(os.path.join(FOLDER, "../../corpora/samples/reviews.jsonl"), encoding="utf-8") as rows:
        texts = [json.loads(row)["text"].replace("\n", " ") for row in rows]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(text + "\n" for text in texts * 20)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gloss", help="the gloss program")
    parser.add_argument("--model", required=True, help="a model folder")
    parser.add_argument("--text", help="a file with a text on every line; by default our samples")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", default="3")
    options = parser.parse_args()
    gloss = os.path.abspath(options.gloss)
    text = os.path.abspath(options.text) if options.text else samples()
    model = os.path.abspath(options.model)
    time = ["--seconds", options.seconds]

    def own(*arguments: str) -> list[str]:
        return [gloss, "benchmark", *arguments, "--json", *time]

    lengths = ["--lengths", LENGTHS]
    texts = ["--text", text, "--threads", "1"]
    pieces = os.path.join(model, "tokenizer.model")
    # What is compared: a name, our command, and the peers' by name.
    comparisons = [
        ("encoder, 32 × 128", own("encoder"), {
            "ONNX Runtime": peer("onnxruntime_peer.py", "encoder", *time),
            "PyTorch": peer("pytorch_peer.py", "encoder", *time),
            "PyTorch compiled": peer("pytorch_peer.py", "encoder-compiled", *time)}),
        ("encoder, IMDB lengths to 512, batches of 32", own("encoder", *lengths), {
            "ONNX Runtime, padded": peer("onnxruntime_peer.py", "encoder", *lengths, *time),
            "PyTorch, padded": peer("pytorch_peer.py", "encoder", *lengths, *time)}),
        ("training step, 32 × 128", own("train"), {
            "PyTorch": peer("pytorch_peer.py", "train", *time)}),
        ("encoder, 2 threads", own("encoder", "--threads", "2"), {
            "Gloss, 1 thread": own("encoder", "--threads", "1")}),
        ("training step, 2 threads", own("train", "--threads", "2"), {
            "Gloss, 1 thread": own("train", "--threads", "1")}),
        ("tokenizer, 1 thread", own("tokenizer", "--model", model, *texts), {
            "sentencepiece": peer("sentencepiece_peer.py", "tokenizer", "--model", pieces, *texts, *time)}),
    ]
    print("| what | Gloss, pieces/s | of sgemm peak | beside | pieces/s | ratio |")
    print("|---|---|---|---|---|---|")
    for name, command, peers in comparisons:
        ours, theirs = [], {peer_name: [] for peer_name in peers}
        for _ in range(options.rounds):
            ours.append(run(command))
            for peer_name, peer_command in peers.items():
                theirs[peer_name].append(run(peer_command)["tokens_per_second"])
        speeds = [result["tokens_per_second"] for result in ours]
        shares = [result["peak_share"] for result in ours if "peak_share" in result]
        share = f"{statistics.median(shares):.0%}" if shares else ""
        for peer_name, values in theirs.items():
            ratio = statistics.median(a / b for a, b in zip(speeds, values))
            print(
                f"| {name} | {statistics.median(speeds):,.0f} | {share} | {peer_name} |"
                f" {statistics.median(values):,.0f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
