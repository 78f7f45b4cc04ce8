#!/usr/bin/env python3
"""Writes what pandas and mlxtend say about UCI Online Retail, for the tests of the customer commands.

usage: python3 Tests/Reference/online_retail_reference.py ONLINE_RETAIL_CSV      (needs: pip install pandas mlxtend)

The data are cleaned as `clean` does: texts trimmed, exact duplicates, cancellations (C and digits) and rows without a positive
quantity and price removed. online_retail/expected.tsv: one line a fact, the first field names the cell.
"""
import pathlib
import sys

import numpy as np
import pandas as pd
from mlxtend.frequent_patterns import association_rules, fpgrowth
from mlxtend.preprocessing import TransactionEncoder

np.set_printoptions(legacy="1.25")
here = pathlib.Path(__file__).parent / "online_retail"
df = pd.read_csv(
    sys.argv[1], dtype={"InvoiceNo": str, "StockCode": str, "Description": str, "CustomerID": "Int64"},
    keep_default_na=False, na_values={"CustomerID": [""], "Description": [""]})
out = [f"raw\t{len(df)}\t{df.CustomerID.isna().sum()}\t{(df.Quantity * df.UnitPrice).sum():.4f}"]
for c in ["InvoiceNo", "StockCode", "Description", "Country"]:
    df[c] = df[c].str.strip()
df["InvoiceDate"] = pd.to_datetime(df.InvoiceDate, format="%m/%d/%Y %H:%M")
n = len(df)
df = df.drop_duplicates()
out.append(f"clean\tduplicates\t{n - len(df)}")
n = len(df)
df = df[~df.InvoiceNo.str.fullmatch(r"C\d+")]
out.append(f"clean\tcancellations\t{n - len(df)}")
n = len(df)
df = df[(df.Quantity > 0) & (df.UnitPrice > 0)].copy()
out.append(f"clean\tnonpositive\t{n - len(df)}")
df["amount"] = df.Quantity * df.UnitPrice
last = df.InvoiceDate.max().normalize()
as_of = last + pd.Timedelta(days=1)
out.append(f"left\t{len(df)}\t{df.CustomerID.isna().sum()}\t{df.amount.sum():.4f}\t{as_of:%Y-%m-%d}")

d = df[df.CustomerID.notna()].copy()
d["day"] = d.InvoiceDate.dt.normalize()
g = d.groupby("CustomerID").agg(
    last=("day", "max"), orders=("InvoiceNo", "nunique"), amount=("amount", "sum"))
g["recency"] = (as_of - g["last"]).dt.days
n = len(g)


def score(series, k):
    return np.ceil((k * series.rank(method="average") / n).round(9)).astype(int)


g["r"], g["f"], g["m"] = score(-g.recency, 5), score(g.orders, 5), score(g.amount.round(6), 5)
fm = (g.f + g.m) / 2
names = ["Champions", "Loyal", "Potential Loyalists", "At Risk", "Lost"]
g["segment"] = np.select([(g.r >= 4) & (fm >= 4), (g.r >= 3) & (fm >= 3), g.r >= 3, fm >= 2], names[:4], "Lost")
for name in names:
    s = g[g.segment == name]
    out.append(f"G6\t{name}\t{len(s)}\t{s.amount.sum():.4f}\t{s.recency.mean()!r}\t{s.orders.mean()!r}")

recent = d[d.day >= as_of - pd.DateOffset(months=12)]
amounts = recent.groupby("CustomerID").amount.sum()
for name in ["At Risk", "Lost"]:
    a = amounts.reindex(g.index[g.segment == name]).fillna(0).sum()
    out.append(f"G7risk\t{name}\t{(g.segment == name).sum()}\t{a:.4f}\t{a / amounts.sum()!r}")
low, high = (g[g.segment == s].amount for s in ["Potential Loyalists", "Loyal"])
out.append(f"G7opportunity\t{len(low)}\t{low.mean()!r}\t{high.mean()!r}\t{len(low) * 0.5 * (high.mean() - low.mean())!r}")

g["tier"] = score(g.amount.round(6), 4)
for tier, s in g.groupby("tier"):
    gone = s[s.recency > 90]
    out.append(f"G8\t{['Bronze', 'Silver', 'Gold', 'Platinum'][tier - 1]}\t{len(s)}\t{len(gone)}\t{gone.amount.sum():.4f}")
days = d.drop_duplicates(["CustomerID", "day"]).sort_values(["CustomerID", "day"])
out.append(f"gap\t{days.groupby('CustomerID').day.diff().dt.days.dropna().quantile(0.9)!r}")

m = d.InvoiceDate.dt.year * 12 + d.InvoiceDate.dt.month
c = m.groupby(d.CustomerID).transform("min")
cells = d.assign(c=c, k=m - c).groupby(["c", "k"]).agg(n=("CustomerID", "nunique"), amount=("amount", "sum"))
for (cohort, k), r in cells.iterrows():
    size = int(cells.n[(cohort, 0)])
    year, month = divmod(cohort - 1, 12)
    out.append(f"G9\t{year}-{month + 1:02d}\t{k}\t{size}\t{int(r.n)}\t{r.amount:.4f}\t{cohort + k < m.max()}")

for k in range(1, int(g.orders.max()) + 1):
    reached, back = int((g.orders >= k).sum()), int((g.orders > k).sum())
    if reached < 30:
        break
    out.append(f"G10\t{k}\t{reached}\t{back}")

uk = df[(df.Country == "United Kingdom") & df.Description.notna()]
sizes = uk.groupby("InvoiceNo").StockCode.nunique()
out.append(f"G11orders\t{(sizes <= 100).sum()}\t{(sizes > 100).sum()}\t{(sizes == 1).sum()}")
uk = uk[uk.InvoiceNo.map(sizes) <= 100]
baskets = uk.groupby("InvoiceNo").StockCode.unique().map(list)
encoder = TransactionEncoder()
matrix = pd.DataFrame.sparse.from_spmatrix(encoder.fit_transform(list(baskets), sparse=True), columns=encoder.columns_)
frequent = fpgrowth(matrix, min_support=0.01, use_colnames=True, max_len=3)
rules = association_rules(frequent, metric="confidence", min_threshold=0.6, num_itemsets=len(baskets))
rules = rules[rules.lift >= 2]
out.append(f"G11rules\t{len(frequent)}\t{len(rules)}")
counts = uk.groupby(["StockCode", "Description"]).size().reset_index(name="n").sort_values(
    ["StockCode", "n", "Description"], ascending=[True, False, True]).drop_duplicates("StockCode")
name = dict(zip(counts.StockCode, counts.Description))
for r in rules.sort_values("lift", ascending=False).head(10).itertuples():
    left, right = (" + ".join(sorted(name[i] for i in s)) for s in (r.antecedents, r.consequents))
    out.append(f"G11\t{left} → {right}\t{round(r.support * len(baskets))}\t{r.confidence!r}\t{r.lift!r}")

a = df[df.Description.notna()].groupby("Description").amount.sum().sort_values(ascending=False)
share = a.cumsum() / df.amount.sum()
out.append(f"G13\t{len(a)}\t{(share <= 0.8).sum()}\t{((share > 0.8) & (share <= 0.95)).sum()}\t{a.index[0]}\t{a.iloc[0]:.4f}")

for label, start, end in [("now", "2011-10-01", "2011-12-09"), ("before", "2011-07-01", "2011-09-08")]:
    s = df[(df.InvoiceDate >= start) & (df.InvoiceDate < pd.Timestamp(end) + pd.Timedelta(days=1))]
    known = s[s.CustomerID.notna()]
    orders, customers = s.InvoiceNo.nunique(), s.CustomerID.nunique()
    out.append(
        f"G4\t{label}\t{s.amount.sum():.4f}\t{orders}\t{customers}\t{s.Quantity.sum()}\t{s.amount.sum() / orders!r}"
        f"\t{known.amount.sum() / customers!r}")
(here / "expected.tsv").write_text("\n".join(out) + "\n")
print("\n".join(line for line in out if not line.startswith("G9")))
