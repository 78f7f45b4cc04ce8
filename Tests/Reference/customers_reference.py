#!/usr/bin/env python3
"""Writes a small made-up table of transactions and what pandas and statsmodels say about it.

usage: python3 Tests/Reference/customers_reference.py      (needs: pip install pandas statsmodels)

customers/transactions.tsv: order, customer, date, product, quantity, price; seeded, the same on every run.
customers/expected.tsv: one line a fact, the first field names the analysis.
"""
import pathlib
import random

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

here = pathlib.Path(__file__).parent / "customers"
here.mkdir(exist_ok=True)
np.set_printoptions(legacy="1.25")  # plain numbers, not np.float64(…)
rng = random.Random(20240217)
products = [f"P{i:02d}" for i in range(40)]
prices = {p: round(rng.choice([0.5, 0.85, 1.25, 2.95, 4.25, 7.95, 12.75]), 2) for p in products}
rows = []
start = pd.Timestamp("2023-01-05")
for customer in range(130):
    first = rng.randrange(0, 400)
    for _ in range(min(1 + int(rng.expovariate(0.35)), 25)):
        day = first + (0 if not rows or rng.random() < 0.3 else int(rng.expovariate(1 / 50)))
        first = day
        if day > 408:
            break
        order = f"O{len({r[0] for r in rows}) + 1:04d}"
        name = "" if rng.random() < 0.06 else f"C{customer:03d}"
        for product in rng.sample(products, rng.randrange(1, 5)):
            rows.append((order, name, start + pd.Timedelta(days=day), product, rng.randrange(1, 13), prices[product]))
rng.shuffle(rows)
with open(here / "transactions.tsv", "w") as f:
    f.write("# order\tcustomer\tdate\tproduct\tquantity\tprice\n")
    for r in rows:
        f.write(f"{r[0]}\t{r[1]}\t{r[2]:%Y-%m-%d}\t{r[3]}\t{r[4]}\t{r[5]}\n")

df = pd.DataFrame(rows, columns=["order", "customer", "date", "product", "quantity", "price"])
df["amount"] = (df.quantity * df.price).round(2)
as_of = df.date.max() + pd.Timedelta(days=1)
d = df[df.customer != ""].copy()
out = [f"total\t{len(df)}\t{(df.customer == '').sum()}\t{as_of:%Y-%m-%d}"]

g = d.groupby("customer").agg(
    last=("date", "max"), orders=("order", "nunique"), amount=("amount", "sum"), units=("quantity", "sum"))
g["recency"] = (as_of - g["last"]).dt.days
g["amount"] = g.amount.round(2)
n = len(g)


def score(series, k):
    return np.ceil((k * series.rank(method="average") / n).round(9)).astype(int)


g["r"], g["f"], g["m"] = score(-g.recency, 5), score(g.orders, 5), score(g.amount, 5)
fm = (g.f + g.m) / 2
g["segment"] = np.select(
    [(g.r >= 4) & (fm >= 4), (g.r >= 3) & (fm >= 3), g.r >= 3, fm >= 2],
    ["Champions", "Loyal", "Potential Loyalists", "At Risk"], "Lost")
g["tier"] = score(g.amount, 4)
for c, r in g.iterrows():
    out.append(f"rfm\t{c}\t{r['last']:%Y-%m-%d}\t{r.recency}\t{r.orders}\t{r.amount:.2f}\t{r.units}\t{r.r}\t{r.f}\t{r.m}\t{r.segment}\t{r.tier}")
for name, s in g.groupby("segment"):
    out.append(f"segment\t{name}\t{len(s)}\t{s.amount.sum():.2f}\t{s.recency.mean()!r}\t{s.orders.mean()!r}")

for name, s in list(g.groupby("segment")) + [("*", g)]:
    gone = s[s.recency > 90]
    low, high = proportion_confint(len(gone), len(s), method="wilson")
    out.append(f"churn\t{name}\t{len(s)}\t{len(gone)}\t{low!r}\t{high!r}\t{gone.amount.sum():.2f}")
days = d.drop_duplicates(["customer", "date"]).sort_values(["customer", "date"])
gaps = days.groupby("customer").date.diff().dt.days.dropna()
out.append(f"gap\t{len(gaps)}\t{gaps.quantile(0.9)!r}")
for end in pd.period_range(df.date.min(), df.date.max(), freq="M"):
    asof = min(end.end_time.normalize(), df.date.max()) + pd.Timedelta(days=1)
    before = d[d.date < asof].groupby("customer").agg(last=("date", "max"), amount=("amount", "sum"))
    gone = before[(asof - before["last"]).dt.days > 90]
    out.append(f"churn_month\t{end}\t{len(before)}\t{len(gone)}\t{gone.amount.sum():.2f}")

for grain in ["M", "Q", "W"]:
    p = d.date.dt.to_period(grain)
    c = p.groupby(d.customer).transform("min")
    cells = d.assign(c=c, k=[(a - b).n for a, b in zip(p, c)])
    sizes = cells[cells.k == 0].groupby("c").customer.nunique()
    table = cells.groupby(["c", "k"]).agg(n=("customer", "nunique"), amount=("amount", "sum"))
    last = df.date.max().to_period(grain)
    pooled = {}
    for (cohort, k), r in table.iterrows():
        complete = (cohort + k).end_time.normalize() <= df.date.max()
        out.append(f"cohort{grain}\t{cohort.start_time:%Y-%m-%d}\t{k}\t{sizes[cohort]}\t{int(r.n)}\t{r.amount:.2f}\t{complete}")

orders = d.groupby(["customer", "order"]).date.min().reset_index().sort_values(["customer", "date", "order"])
orders["k"] = orders.groupby("customer").cumcount() + 1
orders["next"] = orders.groupby("customer").date.shift(-1)
for k, s in orders.groupby("k"):
    if len(s) < 30:
        break
    back = s.next.notna().sum()
    low, high = proportion_confint(back, len(s), method="wilson")
    out.append(f"loyalty\t{k}\t{len(s)}\t{back}\t{low!r}\t{high!r}")
    seen = s[s.date + pd.Timedelta(days=60) < as_of]
    out.append(f"loyalty60\t{k}\t{len(seen)}\t{((seen.next - seen.date).dt.days <= 60).sum()}")

a = df.groupby("product").amount.sum().round(2).reset_index().sort_values(["amount", "product"], ascending=[False, True])
share = a.amount.cumsum() / a.amount.sum()
for (product, amount), s in zip(a.itertuples(index=False), share):
    out.append(f"abc\t{product}\t{amount:.2f}\t{s!r}\t{'A' if s <= 0.8 else 'B' if s <= 0.95 else 'C'}")

window = df.date > df.date.max() - pd.Timedelta(days=90)
t = df.groupby("product").agg(amount=("amount", "sum"), units=("quantity", "sum"), orders=("order", "nunique"))
t["velocity"] = df[window].groupby("product").quantity.sum() / 90
t["velocity"] = t.velocity.fillna(0)
ra, ru = t.amount.round(2).rank() / len(t), t.units.rank() / len(t)
t["cls"] = np.select(
    [(ra >= 0.75) & (ru >= 0.75), ru >= 0.75, ra >= 0.75, (ra <= 0.25) & (ru <= 0.25)],
    ["Star", "Volume", "Premium", "Underperformer"], "Core")
for p, r in t.iterrows():
    out.append(f"product\t{p}\t{r.amount:.2f}\t{r.units}\t{r.orders}\t{r.velocity!r}\t{r.cls}")
(here / "expected.tsv").write_text("\n".join(out) + "\n")
print(len(df), "rows;", n, "customers")
