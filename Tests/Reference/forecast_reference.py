#!/usr/bin/env python3
"""Writes Tests/Reference/forecast/*.tsv: what statsmodels and statsforecast answer on two published series.

usage: forecast_reference.py     (needs statsmodels 0.15 and statsforecast 2.1)

AirPassengers: 144 months, 1949-1960 (Box and Jenkins 1976, series G). Nile: 100 yearly flows, 1871-1970 (Cobb 1978).
"""
import os
import numpy as np
from statsmodels.datasets import nile
from statsmodels.tsa.seasonal import MSTL, STL
from statsforecast.utils import AirPassengers
from statsforecast.ets import ets_f
from statsforecast.models import DynamicOptimizedTheta, DynamicTheta, OptimizedTheta, Theta

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "forecast")
air = np.asarray(AirPassengers, dtype=float)
flow = nile.load_pandas().data["volume"].to_numpy(float)


def write(name, header, rows):
    with open(os.path.join(FOLDER, name), "w") as out:
        out.write("# made by forecast_reference.py\n# " + "\t".join(header) + "\n")
        for row in rows:
            out.write("\t".join(v if isinstance(v, str) else repr(float(v)) for v in row) + "\n")


plain = STL(air, period=12).fit()
robust = STL(air, period=12, robust=True).fit()
even = STL(air, period=12, seasonal=13, trend=25, seasonal_deg=0, robust=True,
           seasonal_jump=2, trend_jump=3, low_pass_jump=2).fit()
multi = MSTL(air, periods=(6, 12), windows=(11, 15), iterate=2).fit()
write("stl.tsv", ["y", "trend", "seasonal", "robust trend", "robust seasonal", "robust weight", "jump trend",
                  "jump seasonal", "mstl trend", "mstl 6", "mstl 12"],
      zip(air, plain.trend, plain.seasonal, robust.trend, robust.seasonal, robust.weights, even.trend, even.seasonal,
          multi.trend, multi.seasonal[:, 0], multi.seasonal[:, 1]))

rows = []
for name, y, m in (("air", air, 12), ("nile", flow, 1)):
    for code in ("ANN", "AAN", "AAdN", "MNN", "MAN", "MAdN") + (("ANA", "AAA", "AAdA", "MNA", "MAA", "MAdA", "MNM", "MAM", "MAdM") if m > 1 else ()):
        damped = "d" in code
        letters = code.replace("d", "")
        fit = ets_f(y, m, model=letters, damped=damped)
        alpha, beta, gamma = fit["par"][:3]
        usual = not (beta > alpha or gamma > 1 - alpha)   # the peer lets the sum of alpha and gamma exceed one
        rows.append((name, code, -2 * fit["loglik"], fit["aicc"], "usual" if usual else "outside"))
write("ets.tsv", ["series", "form", "deviance", "AICc", "region"], rows)

rows = []
for kind, model in (("STM", Theta), ("OTM", OptimizedTheta), ("DSTM", DynamicTheta), ("DOTM", DynamicOptimizedTheta)):
    fit = model(season_length=1).forecast(y=flow, h=6)
    rows.append(("nile", kind, *fit["mean"]))
    fit = model(season_length=12).forecast(y=air, h=6)
    rows.append(("air", kind, *fit["mean"]))
write("theta.tsv", ["series", "kind", "1", "2", "3", "4", "5", "6"], rows)
write("nile.tsv", ["flow"], [(v,) for v in flow])
