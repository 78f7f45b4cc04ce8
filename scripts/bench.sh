#!/usr/bin/env bash
# Times Martlet beside its peers: the engine's tasks on generated data, then the kernel beside ipykernel where the tool is.
# Options go to bench/run.py, such as --rows 50m or --tasks load,month.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -x .venv-bench/bin/python ]; then
  echo "Making a Python virtual environment in .venv-bench"
  python3 -m venv .venv-bench
fi
if ! cmp -s bench/requirements.txt .venv-bench/installed.txt; then
  echo "Installing the peers into .venv-bench: $(grep -v '^#' bench/requirements.txt | tr '\n' ' ')"
  .venv-bench/bin/pip install -q --disable-pip-version-check -r bench/requirements.txt
  cp bench/requirements.txt .venv-bench/installed.txt
fi
.venv-bench/bin/python bench/run.py --write docs/performance.md "$@"
tool=../shared/tools/kernel/bench_kernel.py
if [ -f "$tool" ]; then
  .venv/bin/python "$tool" --kernel .venv/share/jupyter/kernels/martlet --kernel python3 --config Tests/Kernel/bench.json
fi
