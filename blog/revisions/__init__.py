"""What was saved of an entry, by whom and when: states are taken, compared, merged, and given back."""
