"""Running notebooks: one with its parameters, or a thousand side by side."""
