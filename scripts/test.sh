#!/usr/bin/env bash
# All tests, with one closing line that sums them up.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0
failed=0
skipped=0

# step NAME COMMAND...: one test made of a whole command.
step() {
  local name="$1"
  shift
  echo "== $name"
  if "$@"; then
    passed=$((passed + 1))
  else
    echo "FAILED: $name"
    failed=$((failed + 1))
  fi
}

skip() {
  echo "== $1: skipped, needs $2"
  skipped=$((skipped + 1))
}

finish() {
  echo
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
  exit $?
}

step "sources are formatted" swift format lint --strict -r Sources Tests Package.swift

# One release build serves the program and the tests.
echo "== building"
swift build -c release --build-tests 2>&1 | grep -vE '^\[[0-9]+/[0-9]+\]'
if [ "${PIPESTATUS[0]}" -ne 0 ]; then
  echo "FAILED: the build"
  failed=$((failed + 1))
  finish
fi
passed=$((passed + 1))

log=$(mktemp)
swift test -c release --skip-build 2>&1 | tee "$log" | grep -vE '^(◇|✔ (Test|Suite)|\[)' 
status=${PIPESTATUS[0]}
ok=$(grep -cE '^✔ Test ' "$log")
bad=$(grep -cE '^✘ Test [^r]' "$log")
skips=$(grep -cE '^(➜|⊘|↷).* skipped' "$log")
[ "$status" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skips))
rm -f "$log"

step "the kernel installs" .build/release/martlet install --prefix .venv
step "the kernel passes jupyter_kernel_test" .venv/bin/python Tests/Kernel/official.py
if [ -f ../shared/tools/kernel/conformance.py ]; then
  step "the kernel keeps the protocol" .venv/bin/python ../shared/tools/kernel/conformance.py \
    --kernel .venv/share/jupyter/kernels/martlet --config Tests/Kernel/conformance.json
else
  skip "the kernel keeps the protocol" "../shared/tools/kernel"
fi
step "the company data are those of their generator" scripts/company_data.py --check
step "the command reference is fresh" bash -c 'diff <(.build/release/martlet docs) docs/commands.md'
step "notebooks/quickstart.ipynb runs" .venv/bin/python Tests/Notebooks/execute.py notebooks/quickstart.ipynb
if scripts/online_retail.sh --offline; then
  step "notebooks/online_retail.ipynb runs" .venv/bin/python Tests/Notebooks/execute.py notebooks/online_retail.ipynb
else
  skip "notebooks/online_retail.ipynb runs" "the Online Retail data (make data)"
fi
finish
