"""Where the rooms meet: a folder becomes a dataset, a dataset its checks and findings, both together reports."""
