"""How alike a sample is to the problem's own solution: text metrics beside correctness, never instead of it."""
