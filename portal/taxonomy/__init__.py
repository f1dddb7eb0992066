"""What people need, in ids, labels and words, and how other vocabularies join them."""
