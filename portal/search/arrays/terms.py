"""How words stand in the index: a language and a folded word in, the term of a translation out."""

from __future__ import annotations

from portal.taxonomy.stemming import stemmer


def told_term(language: str, word: str) -> str:
    """How a folded word of a translation is indexed: by its own language's stemmer, apart from all others."""
    return f"{language}:{stemmer(language)(word)}"
