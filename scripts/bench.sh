#!/usr/bin/env bash
# Times the installed kernel beside ipykernel in one run. The measuring tool stands beside the project.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=../shared/tools/kernel/bench_kernel.py
if [ ! -f "$tool" ]; then
  echo "make bench needs $tool" >&2
  exit 1
fi
.venv/bin/python "$tool" --kernel .venv/share/jupyter/kernels/martlet --kernel python3 --config Tests/Kernel/bench.json "$@"
