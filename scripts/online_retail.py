#!/usr/bin/env python3
"""Downloads the UCI Online Retail workbook and writes it as the CSV file that the notebooks read.

    online_retail.py WORK_FOLDER TARGET.csv.gz [WORKBOOK.xlsx]

With a workbook nothing is downloaded.  The CSV has the columns and the notation of the well-known
online-retail-dataset.csv: dates as M/D/YYYY H:MM, empty fields for missing values.
"""
import csv
import gzip
import io
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

URL = "https://archive.ics.uci.edu/static/public/352/online+retail.zip"
HEADER = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]


def text(value, column):
    if value is None:
        return ""
    if column == "InvoiceDate":
        return f"{value.month}/{value.day}/{value.year} {value.hour}:{value.minute:02d}"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def main():
    work, target = Path(sys.argv[1]), Path(sys.argv[2])
    if len(sys.argv) > 3:
        workbook = Path(sys.argv[3])
    else:
        archive = work / "online_retail.zip"
        urllib.request.urlretrieve(URL, archive)
        with zipfile.ZipFile(archive) as packed:
            name = next(n for n in packed.namelist() if n.lower().endswith(".xlsx"))
            workbook = Path(packed.extract(name, work))
    try:
        import openpyxl
    except ImportError:
        print("Installing Python package into .venv: openpyxl")
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "openpyxl"], check=True)
        import openpyxl
    sheet = openpyxl.load_workbook(workbook, read_only=True).worksheets[0]
    with open(target, "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
        lines = csv.writer(io.TextIOWrapper(packed, encoding="utf-8", newline=""), lineterminator="\n")
        lines.writerow(HEADER)
        for row in sheet.iter_rows(min_row=2, values_only=True):
            lines.writerow([text(value, column) for value, column in zip(row, HEADER)])


if __name__ == "__main__":
    main()
