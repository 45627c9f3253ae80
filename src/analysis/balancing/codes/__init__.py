"""Codes and names of the classifications: what the code books and the other rows say of them."""
