"""What this machine has to give."""

from pathlib import Path

_SOURCES = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def available_memory() -> int | None:
    """Bytes of memory that programs may still take: what is free, or what a container has; None where nobody tells."""
    found = []
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    except OSError:  # no Linux
        pass
    for source in _SOURCES:
        try:
            found.append(int(source.read_text()))
        except (OSError, ValueError):  # no container, or one without a limit
            continue
    return min(found, default=None)
