"""Writes reviews as no program wants them: make.py FOLDER [SEED] [LONGEST]

For each format a file with everything that has ever broken a reader of it, shuffled by the seed,
and counts.json with the number of rows in each. The longest row has LONGEST bytes (64 MiB).
"""

import json
import pathlib
import random
import sys

folder = pathlib.Path(sys.argv[1])
rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
longest = int(sys.argv[3]) if len(sys.argv) > 3 else 64 << 20
counts = {}


def write(name, head, rows, blanks):
    """Rows and blank lines in any order under mixed line ends; every row is one that counts."""
    lines = rows + blanks
    rng.shuffle(lines)
    data = head
    for line in lines:
        data += line + rng.choice([b"\n", b"\r\n"])
    (folder / name).write_bytes(data)
    counts[name] = {"rows": len(rows), "blank": len(blanks)}


def jsonl(value):
    return json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


blanks = [b"", b" ", b"\t", b"  \t "]
good = ["The kettle boils fast.", "水壶烧得很快。", "e\u0301\u0301 ﬁne ㍿ ½", "👩‍🚀 👍🏽 🇨🇳", "مرحبا lamp",
        "a\u0085b\u2028c\u2029d", "tab\tand \x00 in it", "\ufeff mark", "x", "\u200b", "\\u0041 \" '"]

rows = [jsonl({"id": i, "text": text}) for i, text in enumerate(good * 3)]
rows += [jsonl({"id": "same", "text": f"Repeated {i}."}) for i in range(5)]
rows += [jsonl({"body": "no text"}), jsonl({}), jsonl({"text": None}), jsonl({"text": 5})]
rows += [jsonl({"text": ["a"]}), jsonl({"text": {"a": 1}}), jsonl({"text": True}), jsonl({"text": ""})]
rows += [jsonl({"text": " \u3000 "}), jsonl({"text": "a", "id": []}), jsonl([]), jsonl("text"), b"3"]
rows += [b"null", b"{", b"}", b"{]", b'{"text":"a"', b'{"text":"a"} x', b"{'text':'a'}", b'{"text":a}']
rows += [b'{"text":"\\q"}', b'{"text":"\\ud800"}', b'{"text":"\\udc00\\ud800 x"}', b'{"text":"a\tb"}']
rows += [b'{"text":"NUL \x00 raw"}', b"\x00\x00\x00", b'{"text":"bad \xff\xfe bytes"}', b"\xff\xfe{"]
rows += [b'{"text":"cut \xe5\xa5"}', b'{"text":"surrogate \xed\xa0\x80"}', b'{"text":"one","text":"two"}']
rows += [b"[" * 100_000, b'{"text":"deep","x":' + b"[" * 400 + b"]" * 400 + b"}"]
rows += [b'{"text":"deep","x":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001]
rows += [b'{"text":"long row","x":"' + b"y" * (longest - 30) + b'"}', b'"' + b"z" * longest]
rows += [b'{"id":1e400,"text":"a"}', b'{"id":-0,"text":"a"}', b'{"id":123456789012345678901234567890,"text":"a"}']
rows += [b'\rcarriage', b'{"text":"a"}\r{"text":"b"}']
write("hostile.jsonl", b"\xef\xbb\xbf", rows, blanks * 3)

rows = [text.replace("\t", " ").encode() for text in good * 3 if "\n" not in text]
rows += [b"\x00", b"\xff\xfe\xfd", b"cut \xe5\xa5", b"{", b'"open', b"a,b\tc", "\u3000\u00a0".encode()]
rows += [b"w " * 1000, b"\r\rtwo", b"\xed\xa0\x80"]
write("hostile.txt", b"", rows, blanks * 3)


def quoted(text):
    return b'"' + text.encode("utf-8", "surrogatepass").replace(b'"', b'""') + b'"'


rows = [b"%d," % i + quoted(text + "\nand\r\nmore") for i, text in enumerate(good * 3)]
rows += [b"1", b"1,a,b", b"1,", b'1," "', b',""', b"1,\x00", b'1,"bad \xff"', b'1,"so "called" lamp"']
rows += [b'1,12" disk', b'"1"x,a', b'1,"" ', b"same,a", b"same,a", b'"","quoted"', b",", b"1,a\rb"]
rows += [b'1,too many,"' + b"y" * longest + b'"']
write("hostile.csv", b"\xef\xbb\xbfid,text\r\n", rows, [b"", b" "] * 3)
# The last quote of all never closes: its line is one row, as are those after it.
open_rows = [b'9,"never closed', b"10,after", b"11,", b'12,"" and more']
with (folder / "hostile.csv").open("ab") as file:
    file.write(b"\n".join(open_rows))
counts["hostile.csv"]["rows"] += len(open_rows)

(folder / "counts.json").write_text(json.dumps(counts))
