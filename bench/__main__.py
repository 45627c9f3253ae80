"""`python -m bench [PART ...]`: the named parts, or all of them."""

import sys
from importlib import import_module

# Imported one at a time: a process started by a small parent starts small, so its peak memory is its own.
PARTS = (
    *("pages", "scans", "published_scans", "cleaning", "families", "scale", "identities", "audit", "findings"),
    *("notes", "localisation", "html", "parts", "batch"),
)

if __name__ == "__main__":
    chosen = sys.argv[1:] or list(PARTS)
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.exit(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for name in chosen:
        print(f"== {name}", flush=True)
        import_module(f"bench.{name}").main()
