#!/usr/bin/env bash
# Puts the UCI Online Retail data at notebooks/data/online_retail.csv.gz: copied from beside the project where it is there,
# otherwise downloaded from the UCI repository and converted. With --offline nothing is downloaded.
# Chen, D. (2015). Online Retail [Dataset]. UCI Machine Learning Repository. https://doi.org/10.24432/C5BW33 (CC BY 4.0)
set -euo pipefail
cd "$(dirname "$0")/.."
target=notebooks/data/online_retail.csv.gz
# The sum of the unpacked file: packing may differ, the data may not.
sum=a2f79bbdd4463df6db8a3f5a50b9c980ae8f645a370bf5e2c0d6097f9e817b05

matches() { [ -f "$1" ] && [ "$(gzip -dc "$1" | sha256sum | cut -d' ' -f1)" = "$sum" ]; }

mkdir -p notebooks/data
if matches "$target"; then exit 0; fi
beside=../shared/data/online_retail/online_retail.csv.gz
if matches "$beside"; then
  cp "$beside" "$target"
  chmod u+w "$target"
  echo "Copied the Online Retail data to $target"
  exit 0
fi
if [ "${1:-}" = --offline ]; then exit 1; fi
echo "Downloading Online Retail from the UCI Machine Learning Repository (23 MB)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/python scripts/online_retail.py "$work" "$target"
if ! matches "$target"; then
  echo "The file that came is not the one that is known (sha256 of the unpacked CSV: $sum)" >&2
  rm -f "$target"
  exit 1
fi
echo "Wrote $target"
