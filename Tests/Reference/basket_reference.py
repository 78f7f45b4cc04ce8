#!/usr/bin/env python3
"""Writes the answers that the basket tests compare with: mlxtend's item sets and rules on public basket data.

usage: python3 Tests/Reference/basket_reference.py DATA_FOLDER      (needs: pip install mlxtend pandas)

DATA_FOLDER holds groceries/groceries.csv, fimi_retail/retail.dat.gz, basket-ref/*.dat.gz. Two files are written beside this
script: basket/groceries_1pct.txt with every item set and rule of groceries at 1 % and 30 %, and basket/checksums.txt with the
number of sets and rules of each data set and an order-free checksum: the sum, modulo 2^64, of the FNV-1a hashes of the lines.
"""
import gzip
import itertools
import pathlib
import sys
from fractions import Fraction

import pandas as pd
from mlxtend.frequent_patterns import association_rules, fpgrowth
from mlxtend.preprocessing import TransactionEncoder

here = pathlib.Path(__file__).parent / "basket"
data = pathlib.Path(sys.argv[1])


def fnv1a(text):
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = (h ^ byte) * 0x100000001B3 % 2**64
    return h


def checksum(lines):
    return sum(map(fnv1a, lines)) % 2**64


def baskets(path):
    raw = gzip.open(path, "rt") if path.suffix == ".gz" else open(path)
    for line in raw:
        items = line.rstrip("\n").split(",") if path.name == "groceries.csv" else line.split()
        yield sorted({i.strip() for i in items if i.strip()})


def exact_rules(sets, confidence):
    """All splits of all sets, compared as fractions of counts; lift at least 1 is not asked for."""
    limit = Fraction(confidence)
    for union, count in sets.items():
        for size in range(1, len(union)):
            for left in map(frozenset, itertools.combinations(union, size)):
                if Fraction(count, sets[left]) >= limit:
                    yield left, union - left, count


cases = [
    ("groceries/groceries.csv", "0.01", "0.3"),
    ("groceries/groceries.csv", "0.006", "0.25"),
    ("groceries/groceries.csv", "0.001", "0.8"),
    ("fimi_retail/retail.dat.gz", "0.01", "0.5"),
    ("fimi_retail/retail.dat.gz", "0.005", "0.5"),
    ("basket-ref/mushroom.dat.gz", "0.3", "0.9"),
    ("basket-ref/T10I4D100K.dat.gz", "0.005", "0.5"),
]
out = ["# data support confidence sets set_checksum rules single_consequent_rules rule_checksum"]
for name, support, confidence in cases:
    orders = list(baskets(data / name))
    minimum = -(-Fraction(support) * len(orders) // 1)
    frequent = {}
    for o in orders:
        for i in o:
            frequent[i] = frequent.get(i, 0) + 1
    kept = [[i for i in o if frequent[i] >= minimum] for o in orders]  # mlxtend's matrix of all items is too wide
    encoder = TransactionEncoder()
    matrix = pd.DataFrame.sparse.from_spmatrix(encoder.fit_transform(kept, sparse=True), columns=encoder.columns_)
    found = fpgrowth(matrix, min_support=float((minimum - Fraction(1, 2)) / len(orders)), use_colnames=True)
    sets = {s: round(p * len(orders)) for s, p in zip(found.itemsets, found.support)}
    set_lines = sorted(f"{c}\t{'|'.join(sorted(s))}" for s, c in sets.items())
    rules = list(exact_rules(sets, confidence))
    rule_lines = sorted(f"{c}\t{'|'.join(sorted(a))}\t{'|'.join(sorted(b))}" for a, b, c in rules)
    single = sum(len(b) == 1 for _, b, _ in rules)
    out.append(f"{name} {support} {confidence} {len(sets)} {checksum(set_lines)} {len(rules)} {single} {checksum(rule_lines)}")
    print(out[-1], flush=True)
    if (name, support) == ("groceries/groceries.csv", "0.01"):
        theirs = association_rules(found, metric="confidence", min_threshold=0.3, num_itemsets=len(orders))
        assert len(theirs) == len(rules)
        lines = ["# set<TAB>count<TAB>items | rule<TAB>antecedent<TAB>consequent<TAB>orders<TAB>confidence<TAB>lift<TAB>leverage<TAB>conviction"]
        lines += ["set\t" + line for line in set_lines]
        for r in theirs.itertuples():
            left, right = ("|".join(sorted(s)) for s in (r.antecedents, r.consequents))
            lines.append(f"rule\t{left}\t{right}\t{round(r.support * len(orders))}\t{r.confidence!r}\t{r.lift!r}\t{r.leverage!r}\t{r.conviction!r}")
        (here / "groceries_1pct.txt").write_text("\n".join([lines[0]] + sorted(lines[1:])) + "\n")
(here / "checksums.txt").write_text("\n".join(out) + "\n")
