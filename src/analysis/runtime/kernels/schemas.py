"""jsonschema without a check that no schema of a notebook asks for; to be imported before nbformat.

nbformat imports jsonschema, which builds a grammar of international addresses for a second where the package for it is
there. Here it is not there for a moment.
"""

import importlib
import sys

from analysis.runtime.kernels.library_internals import absent

if "jsonschema" not in sys.modules:
    with absent("rfc3987_syntax"):
        importlib.import_module("jsonschema")
