"""jsonschema without a check that no schema of a notebook asks for; to be imported before nbformat.

nbformat imports jsonschema, which builds a grammar of international addresses for a second where the package for it is
there. Here it is not there for a moment.
"""

import importlib
import sys

if "jsonschema" not in sys.modules and "rfc3987_syntax" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    importlib.import_module("jsonschema")
    del sys.modules["rfc3987_syntax"]
