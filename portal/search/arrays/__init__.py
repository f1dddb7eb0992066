"""The read model: what searches read, as arrays on disk. Words, postings and listings in, the same found without Whoosh out."""
