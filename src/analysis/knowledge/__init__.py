"""The shelf and its librarian: forms by family, code books, identities, names and fields, each read strictly."""
