"""`python -m bench [PART ...]`: the named parts, or all of them."""

import sys

from bench import audit, cleaning, identities, localisation, pages

PARTS = {
    "pages": pages.main,
    "cleaning": cleaning.main,
    "identities": identities.main,
    "audit": audit.main,
    "localisation": localisation.main,
}

if __name__ == "__main__":
    chosen = sys.argv[1:] or list(PARTS)
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.exit(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for name in chosen:
        print(f"== {name}", flush=True)
        PARTS[name]()
