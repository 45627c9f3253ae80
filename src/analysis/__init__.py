"""Budget Workbench: read, balance and report published Chinese public budgets."""

__version__ = "0.1.0"
