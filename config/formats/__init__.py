"""How dates are written; of other languages Django knows it. A day of a month stands in a narrow column of a list."""
