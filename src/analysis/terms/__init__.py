"""What the words mean: frozen values of the trade. Standard library only, no input or output."""
