"""The memory that a process needs for a piece of work."""

import re
from pathlib import Path


class Peak:
    """Resident memory of a Linux process, from now to its highest point; elsewhere it knows nothing."""

    def __init__(self, pid):
        self.folder = Path("/proc") / str(pid)
        self.start = None
        try:
            # Sets the highest point back to what is resident now.
            (self.folder / "clear_refs").write_text("5")
            self.start = self._read("VmRSS")
        except OSError:
            pass

    def _read(self, name: str) -> float:
        found = re.search(rf"^{name}:\s+(\d+) kB", (self.folder / "status").read_text(), re.M)
        return int(found.group(1)) / 1024 if found else 0.0

    def megabytes(self):
        """MiB above the start at the highest point; None where that cannot be known."""
        return None if self.start is None else max(0.0, self._read("VmHWM") - self.start)
