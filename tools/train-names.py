#!/usr/bin/env python3
"""Trains the model of what names look like: crates/detect/src/names/trigrams.bin.

    python3 -m pip download --no-deps --dest LISTS hstspreload==2025.1.1
    python3 tools/train-names.py LISTS/hstspreload-2025.1.1-py3-none-any.whl crates/detect/src/names/trigrams.bin

The list is Chromium's HSTS preload list as the Python package `hstspreload` ships it (BSD-3-Clause, both): some 150,000
domains that their holders registered with browsers, so people's own choice of names in many languages. It is read, not
kept: the model has 38 x 38 x 38 bytes, each the cost in sixteenths of a bit of one character after two others, over all
names (Witten and Bell 1991, method C, three orders interpolated). The same package gives the same bytes. Names that
malware makes are not needed for training, and none are used.
"""
import ast
import math
import re
import sys
import zipfile

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-"
SIZE = len(ALPHABET) + 1  # 0: the edge of a name
INDEX = {character: index + 1 for index, character in enumerate(ALPHABET)}


def domains(wheel):
    """The list's registrable domains: the second layer of the package's jump table."""
    with zipfile.ZipFile(wheel) as package:
        code = package.read("hstspreload/__init__.py").decode()
        packed = package.read("hstspreload/hstspreload.bin")
    table = ast.literal_eval(re.search(r"^_JUMPTABLE = (\[.*\])", code, re.MULTILINE).group(1))
    for place in filter(None, table[1]):
        start, length = place
        block = packed[start : start + length]
        while block:
            size = block[1]
            yield block[2 : 2 + size].decode()
            block = block[2 + size :]


def chosen(domain):
    """The label that its holder chose; None for one that is encoded (IDNA)."""
    label = domain.split(".")[0]
    is_plain = all(character in INDEX for character in label)
    return label if is_plain and not label.startswith("xn--") else None


def train(labels):
    counts = [[[0] * SIZE for _ in range(SIZE)] for _ in range(SIZE)]
    for label in labels:
        before, last = 0, 0
        for index in [INDEX[character] for character in label] + [0]:
            counts[before][last][index] += 1
            before, last = last, index
    pairs = [[sum(counts[a][b][c] for a in range(SIZE)) for c in range(SIZE)] for b in range(SIZE)]
    singles = [sum(pairs[b][c] for b in range(SIZE)) for c in range(SIZE)]
    one = [(count + 1) / (sum(singles) + SIZE) for count in singles]

    def mixed(row, lower):
        total, kinds = sum(row), sum(count > 0 for count in row)
        return [(count + kinds * rest) / (total + kinds) for count, rest in zip(row, lower)] if total else lower

    two = [mixed(pairs[b], one) for b in range(SIZE)]
    table = bytearray()
    for a in range(SIZE):
        for b in range(SIZE):
            for chance in mixed(counts[a][b], two[b]):
                table.append(min(255, round(-math.log2(chance) * 16)))
    return bytes(table)


def main():
    wheel, out = sys.argv[1:]
    labels = sorted({label for label in map(chosen, domains(wheel)) if label})
    with open(out, "wb") as file:
        file.write(train(labels))
    print(f"{len(labels)} names, {SIZE ** 3} bytes")


if __name__ == "__main__":
    main()
