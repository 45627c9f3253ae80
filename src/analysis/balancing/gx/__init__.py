"""The gate: Great Expectations judges what the identities found, and publishes what it saw."""
