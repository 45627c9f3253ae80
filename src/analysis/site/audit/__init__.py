"""The audit pages of the site: every finding with its place and its picture."""
