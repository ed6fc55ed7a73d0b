"""Times Python's sentencepiece on a model and a file of texts: `tokenizer`."""

import sentencepiece

from common import arguments, timed


def main() -> None:
    options = arguments(__doc__)
    processor = sentencepiece.SentencePieceProcessor(model_file=options.model)
    with open(options.text, encoding="utf-8") as file:
        texts = [line.rstrip("\n") for line in file]

    def encode() -> int:
        return sum(len(processor.encode(text)) for text in texts)

    timed("sentencepiece", options, encode(), encode)


if __name__ == "__main__":
    main()
