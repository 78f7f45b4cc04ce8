"""Runs one task with one peer in a process of its own, and prints seconds, memory and the answer as JSON.

    peer.py TASK PEER FOLDER REPEATS
"""

import json
import sys
import time
from pathlib import Path

from memory import Peak
from tasks import TASKS


def main() -> None:
    name, peer, folder, repeats = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    task = next(t for t in TASKS if t.name == name)
    run, answer = task.peers[peer](folder)
    seconds, memory = [], []
    result = None
    for _ in range(repeats):
        result = None
        peak = Peak("self")
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
        memory.append(peak.megabytes())
    memory = None if None in memory else max(memory)
    print(json.dumps({"seconds": seconds, "memory": memory, "answer": answer(result)}))


if __name__ == "__main__":
    main()
