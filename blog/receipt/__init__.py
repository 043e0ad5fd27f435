"""The moving receipt: an old site held against this one, line by line."""
