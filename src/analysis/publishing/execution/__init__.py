"""How a notebook is run: with checked parameters, in a kernel of its own, leaving its output only when it is whole."""
