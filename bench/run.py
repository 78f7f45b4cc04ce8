#!/usr/bin/env python3
"""Times Martlet's cells beside the peers on the same data, in turn, and compares the answers.

    run.py [--rows 10m] [--tasks load,month,…] [--repeats 5] [--write docs/performance.md]

The data are made into .cache/bench-ROWS, as far as the tasks need them (data.py). Of 50 million rows only the task that reads
them from the file is run unless others are named. Martlet is asked through
the installed kernel, as a notebook asks it: what is timed is the way from the request to the last output. Each run of a peer
and each kernel is a process of its own; tools take turns, and the median counts. A wrong answer makes the run fail.
"""

import argparse
import csv
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from jupyter_client import KernelManager

import data
from memory import Peak
from tasks import TASKS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


class Kernel:
    """A running Martlet kernel in a folder."""

    def __init__(self, folder: Path):
        os.environ["JUPYTER_PATH"] = str(ROOT / ".venv" / "share" / "jupyter")
        self.manager = KernelManager(kernel_name="martlet")
        self.manager.start_kernel(cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    def run(self, cell: str) -> float:
        """Runs a cell to its end and gives the seconds; a failing cell is an error."""
        start = time.perf_counter()
        request = self.client.execute(cell)
        failure = None
        while True:
            message = self.client.get_iopub_msg(timeout=1800)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "error":
                failure = "\n".join(message["content"]["traceback"])
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        seconds = time.perf_counter() - start
        if failure:
            raise SystemExit(f"{cell}\n{failure}")
        return seconds

    def rows(self, pipeline: str, folder: Path):
        """The rows that a pipeline gives, as dictionaries of texts."""
        self.run(f'{pipeline} | export "answer.tsv" overwrite=true')
        with open(folder / "answer.tsv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file, delimiter="\t"))

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def ask_martlet(task, folder: Path, repeats: int):
    kernel = Kernel(folder)
    try:
        if task.setup:
            kernel.run(task.setup)
        seconds, memory = [], []
        for _ in range(repeats):
            peak = Peak(kernel.pid)
            seconds.append(kernel.run(task.cell))
            memory.append(peak.megabytes())
        memory = None if None in memory else max(memory)
        answer = task.convert(kernel.rows(task.answer, folder))
    finally:
        kernel.stop()
    return {"seconds": seconds, "memory": memory, "answer": answer}


def ask_peer(task, peer: str, folder: Path, repeats: int):
    command = [sys.executable, str(HERE / "peer.py"), task.name, peer, str(folder), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1] if done.stderr else "failed"}
    return json.loads(done.stdout.splitlines()[-1])


def same(a, b) -> bool:
    """Equal, but for the last digits of sums that were added up in another order."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, float) or isinstance(b, float):
        return abs(float(a) - float(b)) <= 0.011 + 1e-9 * abs(float(a))
    return a == b


def measure(task, folder: Path, repeats: int):
    """The medians of all tools, and the names of those whose answer is another."""
    inner = 1 if task.fresh else 3
    results = {}
    wrong = []
    truth = None
    for _ in range(repeats):
        for tool in ["martlet", *task.peers]:
            got = ask_martlet(task, folder, inner) if tool == "martlet" else ask_peer(task, tool, folder, inner)
            if "error" in got:
                results.setdefault(tool, {"error": got["error"]})
                continue
            entry = results.setdefault(tool, {"seconds": [], "memory": []})
            entry["seconds"] += [min(got["seconds"])] if inner > 1 else got["seconds"]
            if got["memory"] is not None:
                entry["memory"].append(got["memory"])
            if tool == "martlet":
                truth = got["answer"]
            elif not same(truth, got["answer"]) and tool not in wrong:
                wrong.append(tool)
                print(f"{task.name}: another answer from {tool}\n  {str(truth)[:300]}\n  {str(got['answer'])[:300]}")
    return results, wrong


def line(task, results) -> str:
    def median(tool, key):
        values = results.get(tool, {}).get(key) or []
        return statistics.median(values) if values else None

    times = {tool: median(tool, "seconds") for tool in results}
    peers = {tool: t for tool, t in times.items() if tool != "martlet" and t is not None}
    best = min(peers, key=peers.get)
    memories = {tool: median(tool, "memory") for tool in results if median(tool, "memory") is not None}
    compact = min((t for t in memories if t != "martlet"), key=memories.get, default=None)
    own = memories.get("martlet")
    memory = "–" if own is None or compact is None else f"{own:,.0f} MB | {compact} {memories[compact]:,.0f} MB"
    if own is None or compact is None:
        memory = "– | –"
    others = ", ".join(f"{t} {s:.3f} s" for t, s in sorted(peers.items(), key=lambda x: x[1]))
    return (
        f"| {task.title} | {times['martlet']:.3f} s | {others} | **{times['martlet'] / peers[best]:.2f}** | {memory} |"
    )


HEAD = (
    "| task | Martlet | peers | Martlet ÷ fastest peer | memory above start | most compact peer |\n"
    "|---|---|---|---|---|---|"
)


def machine() -> str:
    model = next(
        (x.split(":")[1].strip() for x in open("/proc/cpuinfo", encoding="utf-8") if x.startswith("model name")),
        platform.processor(),
    ) if Path("/proc/cpuinfo").exists() else platform.processor()
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", default="10m")
    options.add_argument("--tasks", help="names, with commas between them; all that suit the size unless given")
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--write", type=Path, help="a Markdown file whose table between this size's marks is replaced")
    chosen = options.parse_args()
    text = chosen.rows.lower()
    rows = int(float(text[:-1]) * 1_000_000) if text.endswith("m") else int(text)
    folder = ROOT / ".cache" / f"bench-{text}"
    names = chosen.tasks.split(",") if chosen.tasks else [t.name for t in TASKS if rows <= 20_000_000 or t.name == "month"]
    tasks = [t for t in TASKS if t.name in names]
    data.make([name for task in tasks for name in task.files], folder, rows, Kernel)
    lines = []
    failed = []
    print(HEAD)
    for task in tasks:
        results, wrong = measure(task, folder, chosen.repeats)
        for tool, entry in results.items():
            if "error" in entry:
                print(f"{task.name}: {tool}: {entry['error']}", file=sys.stderr)
        lines.append(line(task, results))
        failed += [f"{task.name}: {tool}" for tool in wrong]
        print(lines[-1], flush=True)
    if chosen.write:
        document = chosen.write.read_text(encoding="utf-8")
        start, end = f"<!-- bench {text} -->", f"<!-- /bench {text} -->"
        if start not in document:
            print(f"{chosen.write} has no place for {text} rows", file=sys.stderr)
            return 1 if failed else 0
        before, rest = document.split(start, 1)
        after = rest.split(end, 1)[1]
        versions = ", ".join(f"{name} {version(name)}" for name in ("polars", "duckdb", "pyarrow", "numpy"))
        about = f"{dt.date.today()}, {rows:,} rows, {machine()}; {versions}; medians of {chosen.repeats} runs in turn."
        table = "\n".join([HEAD, *lines])
        chosen.write.write_text(f"{before}{start}\n{about}\n\n{table}\n{end}{after}", encoding="utf-8")
    if failed:
        print("Another answer from " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


def version(package: str) -> str:
    from importlib.metadata import version as installed

    return installed(package)


if __name__ == "__main__":
    sys.exit(main())
