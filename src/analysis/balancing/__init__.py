"""What must be true: identities, their instances and outcomes, and the doubts that they settle. Knows no PDF."""
