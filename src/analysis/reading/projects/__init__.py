"""Projects: their forms of performance goals and their descriptions, each beside the accounts."""
