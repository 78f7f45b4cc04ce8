#!/usr/bin/env bash
# Installs what is missing: Debian packages (as root or with sudo) and a Python virtual environment. Says what it does.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v swift >/dev/null; then
  echo "Swift 6.2 or later is needed: see https://www.swift.org/install" >&2
  exit 1
fi

if command -v apt-get >/dev/null; then
  packages=(
    libzmq3-dev libsodium-dev zlib1g-dev libzstd-dev libexpat1-dev libzip-dev libsqlite3-dev libsnappy1v5 liblz4-1 libpq5
    librsvg2-2 libcairo2 fonts-dejavu-core python3-venv
  )
  missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  # A Python that brings its own venv module needs no package for it.
  if python3 -c 'import ensurepip' 2>/dev/null; then missing=("${missing[@]/python3-venv/}"); fi
  read -ra missing <<<"${missing[*]:-}" || true
  if [ "${#missing[@]}" -gt 0 ]; then
    echo "Installing Debian packages: ${missing[*]}"
    sudo=""
    if [ "$(id -u)" -ne 0 ]; then sudo="sudo"; fi
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
elif command -v brew >/dev/null; then
  for formula in zeromq libsodium zlib zstd expat libzip sqlite snappy lz4 libpq librsvg; do
    brew list "$formula" >/dev/null 2>&1 || { echo "Installing with Homebrew: $formula"; brew install -q "$formula"; }
  done
fi

if [ ! -x .venv/bin/python ]; then
  echo "Making a Python virtual environment in .venv"
  python3 -m venv .venv
fi
if ! cmp -s requirements.txt .venv/installed.txt; then
  echo "Installing Python packages into .venv: $(grep -v '^#' requirements.txt | tr '\n' ' ')"
  .venv/bin/pip install -q --disable-pip-version-check -r requirements.txt
  cp requirements.txt .venv/installed.txt
fi
