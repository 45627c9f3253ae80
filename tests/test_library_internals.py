"""What the kernels need of libraries beyond what these promise: an upgrade that takes it away is told here."""

import atexit
import subprocess
import sys

import matplotlib
from ipykernel.ipkernel import IPythonKernel

from analysis.runtime.kernels.kernel import Kernel
from analysis.runtime.kernels.library_internals import NO_PAUSE_BEFORE_REPLIES, absent


def printed(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_ipykernel_has_the_pause_that_forked_kernels_do_without() -> None:
    name = NO_PAUSE_BEFORE_REPLIES.removeprefix("--IPythonKernel.").partition("=")[0]
    assert IPythonKernel.class_traits(config=True).get(name), (
        f"ipykernel has no option {name} any more (seen in 7.4): take it out of library_internals, measure a report"
    )


def test_ipykernel_drops_what_it_was_asked_for_where_the_kernel_says_so() -> None:
    known = vars(Kernel)["_abort_queues"].__name__ in dir(IPythonKernel) and hasattr(IPythonKernel, "_aborting")
    assert known, "ipykernel stops after a failed cell by other names than in 7.4: see kernels/kernel.py"


def test_ipykernel_does_without_a_debugger() -> None:
    code = "from analysis.runtime.kernels.library_internals import absent\nwith absent('debugpy'):\n"
    code += "    import ipykernel.debugger as d\nimport sys; print(d._is_debugpy_available, 'debugpy' in sys.modules)"
    assert printed(code) == "False False", "ipykernel needs debugpy (it did not in 7.4): let the server import it"


def test_jsonschema_does_without_the_grammar_of_addresses() -> None:
    code = "import analysis.runtime.kernels.schemas, sys, nbformat, jsonschema\n"
    code += "jsonschema.validate('x', {'type': 'string', 'format': 'uri'}); print('rfc3987_syntax' in sys.modules)"
    assert printed(code) == "False", "jsonschema loads rfc3987_syntax another way than 4.26 did: see kernels/schemas"


def test_a_module_is_absent_only_as_long_as_it_is_asked_for() -> None:
    with absent("wave"):
        try:
            import wave
        except ImportError:
            wave = None
    import wave as found

    assert wave is None and found is not None
    with absent("wave"):
        import wave as loaded
    assert loaded is found


def test_python_has_the_function_that_does_what_was_registered_for_the_end() -> None:
    assert callable(getattr(atexit, "_run_exitfuncs", None)), "CPython has no atexit._run_exitfuncs (seen in 3.11)"


def test_matplotlib_takes_the_name_of_a_backend_without_loading_it() -> None:
    assert isinstance(matplotlib.rcParams, dict), "matplotlib.rcParams is no dict any more (seen in 3.11)"
    code = (
        "import matplotlib, sys; from analysis.runtime.kernels.library_internals import set_matplotlib_backend as s\n"
    )
    code += "s(matplotlib, 'svg'); print('matplotlib.pyplot' in sys.modules, matplotlib.get_backend())"
    assert printed(code) == "False svg", "matplotlib loads a backend when its name is set (it did not in 3.11)"
