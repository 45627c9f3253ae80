"""What the notes state beside the tables, and the forms of projects: what must hold there."""
