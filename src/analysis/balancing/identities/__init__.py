"""The accounting identities (勾稽关系) put to the figures: which cells, which instances, which outcome, and why not."""
