#!/usr/bin/env python3
"""Executes a notebook with the installed Martlet kernel; fails when a cell does, or when one shows nothing.

    execute.py NOTEBOOK.ipynb [--write]

With --write the outputs are kept in the file; otherwise nothing changes.
"""
import argparse
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("notebook", type=Path)
    arguments.add_argument("--write", action="store_true")
    options = arguments.parse_args()
    notebook = nbformat.read(options.notebook, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="martlet", record_timing=False,
        resources={"metadata": {"path": str(options.notebook.parent)}})
    try:
        client.execute()
    except CellExecutionError as error:
        print(error, file=sys.stderr)
        return 1
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    silent = [cell.source for cell in cells if not cell.outputs and cell.source.strip()]
    for source in silent:
        print(f"this cell shows nothing:\n{source}", file=sys.stderr)
    if options.write:
        for number, cell in enumerate(cells, 1):
            cell.execution_count = number
        nbformat.write(notebook, options.notebook)
    print(f"{options.notebook}: {len(cells)} cells executed")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
