#!/usr/bin/env python3
"""Writes Tests/Reference/series/*.tsv and Tests/Specs/Series/pandas.spec: what statsmodels, SciPy and pandas answer on
seeded series and on AirPassengers (Box and Jenkins 1976, series G; it is read from Tests/Reference/forecast/stl.tsv).

    python Tests/Reference/series_reference.py

Made with statsmodels 0.15, SciPy 1.17 and pandas 2.3.
"""
import datetime as dt
import pathlib
import random

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.seasonal import STL

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "series"
SPEC = HERE.parent / "Specs" / "Series" / "pandas.spec"
FOLDER.mkdir(exist_ok=True)
SPEC.parent.mkdir(exist_ok=True)
lines = [line for line in (HERE / "forecast" / "stl.tsv").read_text().splitlines() if not line.startswith("#")]
air = np.array([float(line.split("\t")[0]) for line in lines])


def write(name, header, rows):
    with open(FOLDER / name, "w") as out:
        out.write("# made by series_reference.py\n# " + "\t".join(header) + "\n")
        for row in rows:
            out.write("\t".join(v if isinstance(v, str) else repr(float(v)) for v in row) + "\n")


# 26 weeks of days: a week, a slow wave, noise, and five odd days.
rng = np.random.default_rng(7)
n = 182
days = 100 + 12 * np.sin(np.arange(n) / 29) + np.array([8, 0, -3, -2, 6, 15, -24])[np.arange(n) % 7] + rng.normal(0, 3, n)
for place, change in ((20, 60), (47, -45), (48, -45), (111, 33), (160, -50)):
    days[place] += change
days = np.round(days, 3)
plain = STL(days, period=7).fit()
robust = STL(days, period=7, robust=True).fit()
slow = STL(days, period=7, seasonal=35, trend=57, robust=True).fit()
write("daily.tsv", ["y", "trend", "seasonal", "robust trend", "robust seasonal", "robust weight", "slow trend", "slow seasonal"],
      zip(days, plain.trend, plain.seasonal, robust.trend, robust.seasonal, robust.weights, slow.trend, slow.seasonal))

# Three years of weeks with a season of 52.
weeks = 104 + 53
weekly = 500 + 1.5 * np.arange(weeks) + 90 * np.cos(2 * np.pi * np.arange(weeks) / 52) + rng.normal(0, 12, weeks)
weekly[[30, 90]] += [200, -150]
weekly = np.round(weekly, 3)
plain = STL(weekly, period=52).fit()
robust = STL(weekly, period=52, robust=True).fit()
write("weekly.tsv", ["y", "trend", "seasonal", "robust trend", "robust seasonal", "robust weight"],
      zip(weekly, plain.trend, plain.seasonal, robust.trend, robust.seasonal, robust.weights))

# Exponential smoothing: −2 log-likelihood up to the constant of the series, parameters and the next 12 points.
rows = []
for name, y, m in (("air", air, 12), ("daily", days, 7)):
    for error, trend, damped, season in (("add", None, False, None), ("add", "add", False, None),
                                         ("add", "add", True, None), ("add", None, False, "add"),
                                         ("add", "add", False, "add"), ("mul", "add", False, "mul"),
                                         ("mul", "add", True, "mul"), ("mul", None, False, "mul")):
        model = ETSModel(y, error=error, trend=trend, damped_trend=damped, seasonal=season,
                         seasonal_periods=m if season else None)
        fit = model.fit(disp=False, maxiter=5000)
        letter = {"add": "A", "mul": "M", None: "N"}
        code = letter[error] + letter[trend] + ("d" if damped else "") + letter[season]
        deviance = -2 * fit.llf - len(y) * (np.log(2 * np.pi) + 1 - np.log(len(y)))
        get = dict(zip(model.param_names, fit.params))
        inside = (get.get("smoothing_trend", 0) <= get["smoothing_level"]
                  and get.get("smoothing_seasonal", 0) <= 1 - get["smoothing_level"])
        rows.append((name, code, deviance, "usual" if inside else "outside", *fit.forecast(12)))
write("ets.tsv", ["series", "form", "deviance", "region", *map(str, range(1, 13))], rows)

# Outlier limits of a sample of each shape.
samples = {
    "normal": np.round(rng.normal(50, 8, 60), 3),
    "skewed": np.round(rng.lognormal(3, 0.8, 75), 3),
    "few": np.array([3.0, 9.0, 4.0]),
    "ties": np.array([1, 1, 2, 2, 2, 3, 3, 3, 3, 9], dtype=float),
    "negative": np.round(np.append(rng.normal(-5, 1, 40), [12.0, -30.0]), 3),
}
write("samples.tsv", ["sample", "value"], [(name, v) for name, sample in samples.items() for v in sample])
rows = []
for name, sample in samples.items():
    s = pd.Series(sample)
    q1, q3 = s.quantile(0.25), s.quantile(0.75)
    centre, scale = s.median(), stats.median_abs_deviation(sample, scale="normal")
    z = stats.zscore(sample, ddof=1)
    rows.append((name, q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1), s.mean(), s.std(), centre, scale, stats.skew(sample),
                 ",".join(map(str, np.flatnonzero((s < q1 - 1.5 * (q3 - q1)) | (s > q3 + 1.5 * (q3 - q1))))),
                 ",".join(map(str, np.flatnonzero(np.abs(z) > 3))),
                 ",".join(map(str, np.flatnonzero(np.abs(sample - centre) > 3 * scale)))))
write("outliers.tsv", ["sample", "iqr low", "iqr high", "mean", "sd", "median", "mad", "skewness", "iqr", "zscore", "mad flags"],
      rows)


# Cells and what pandas answers.
def cell(value):
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return "–"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, pd.Period):
        return f"{value.year}-Q{value.quarter}" if value.freqstr.startswith("Q") else str(value)
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        text = repr(round(float(value) * 1e10) / 1e10)  # the spec runner rounds to ten decimals
        return "0" if float(text) == 0 else text.removesuffix(".0")
    return str(value)


def table(frame):
    body = [" | ".join(cell(v) for v in row) for row in frame.astype(object).itertuples(index=False)]
    return "\n".join([" | ".join(frame.columns), *body])


def csv(frame):
    return "\n".join([",".join(frame.columns),
                      *(",".join(cell(v).replace("–", "") for v in row) for row in frame.itertuples(index=False))])


draw = random.Random(3)
sales = pd.DataFrame([
    {"day": pd.Timestamp(2022, 1, 1) + pd.Timedelta(days=draw.randrange(800)), "shop": draw.choice("AB"),
     "amount": float(draw.randrange(-5, 60)) if draw.random() > 0.05 else None}
    for _ in range(140)]).sort_values("day").reset_index(drop=True)
values = pd.DataFrame([
    {"id": i, "kind": draw.choice("xy"), "x": round(draw.gauss(20, 4), 2) if draw.random() > 0.1 else None,
     "y": round(draw.lognormvariate(2, 0.9), 2), "same": 5}
    for i in range(1, 61)])
values.loc[[11, 40], "x"] = [55.5, -30.25]
out = ["# Growth and unusual values, and what pandas answers. Written by Tests/Reference/series_reference.py.",
       "--- table sales", csv(sales), "--- table readings", csv(values), ""]


def case(title, source, frame):
    out.extend([f"=== {title}", "--- cell", source, "--- result", table(frame), ""])


def grown(frame, freq, lag, keys=()):
    """One row a period without gaps, from the group's first period to the last period of all."""
    period = frame.day.dt.to_period(freq)
    end, last = period.max(), frame.day.max()
    parts = []
    for key, part in (frame.groupby(list(keys)) if keys else [((), frame)]):
        mine = part.day.dt.to_period(freq)
        total = part.amount.groupby(mine).sum(min_count=0).reindex(pd.period_range(mine.min(), end, freq=freq), fill_value=0.0)
        previous = total.shift(lag)
        result = pd.DataFrame({"period": total.index, **{k: v for k, v in zip(keys, key)}, "amount": total.values,
                               "previous": previous.values, "change": (total - previous).values,
                               "growth": (total / previous - 1).where(previous != 0).values,
                               "complete": [p.end_time.normalize() <= last for p in total.index]})
        parts.append(result)
    return pd.concat(parts)


def facts(result, keys=()):
    rows = []
    for key, part in (result.groupby(list(keys)) if keys else [((), result)]):
        done = part[part.complete]
        first, last = done.amount.iloc[0], done.amount.iloc[-1]
        best, worst = done.amount.values.argmax(), done.amount.values.argmin()
        compound = (last / first) ** (1 / (len(done) - 1)) - 1 if first > 0 and last > 0 and len(done) > 1 else None
        rows.append({**{k: v for k, v in zip(keys, key)}, "total": part.amount.sum(),
                     "best_period": done.period.iloc[best], "best": done.amount.iloc[best],
                     "worst_period": done.period.iloc[worst], "worst": done.amount.iloc[worst],
                     "mean_growth": done.growth.mean(), "compound_growth": compound})
    return pd.DataFrame(rows)


months = grown(sales, "M", 1)
case("growth per month, every row", "sales | growth amount per month | where true", months)
case("its summary looks at complete months", "sales | growth amount per month | summary | where true", facts(months))
quarters = grown(sales, "Q", 4)
case("quarters beside those of the year before", "sales | growth amount per quarter vs last year | where true", quarters)
shops = grown(sales, "Q", 1, ["shop"])
case("by group", "sales | growth amount per quarter by shop | where true", shops)
case("the summary of each group", "sales | growth amount per quarter by shop | summary | where true", facts(shops, ["shop"]))


def flagged(frame, column, method, threshold=None):
    x = frame[column].dropna()
    if method == "iqr":
        q1, q3 = x.quantile(0.25), x.quantile(0.75)
        centre, scale, k = x.median(), q3 - q1, threshold or 1.5
        low, high = q1 - k * scale, q3 + k * scale
    else:
        k = threshold or 3
        centre, scale = (x.mean(), x.std()) if method == "zscore" else (x.median(), 1.4826 * (x - x.median()).abs().median())
        low, high = centre - k * scale, centre + k * scale
    picked = frame[(frame[column] < low) | (frame[column] > high)].copy() if scale > 0 else frame[:0].copy()
    picked["column"], picked["value"] = column, picked[column].astype(float)
    picked["score"] = (picked[column] - centre) / scale if scale > 0 else 0.0
    picked["low"], picked["high"] = low, high
    picked["direction"] = np.where(picked[column] > centre, "high", "low")
    return picked


for method in ("iqr", "zscore", "mad"):
    case(f"unusual values by {method}", f"readings | anomalies x method={method} | where true", flagged(values, "x", method))
case("another threshold", "readings | anomalies y method=iqr threshold=3 | where true", flagged(values, "y", "iqr", 3))
by = pd.concat([flagged(part, "x", "zscore", 2) for _, part in values.groupby("kind")]).sort_values("id")
case("limits of each group", "readings | anomalies x by kind method=zscore threshold=2 | where true", by)
case("nothing is unusual where nothing varies", "readings | anomalies same method=mad | where true", flagged(values, "same", "mad"))
SPEC.write_text("\n".join(out))
