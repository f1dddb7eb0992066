"""A few questions, one thing a page, and what needs their answers reveal. They signpost; nothing here scores, diagnoses or decides."""
