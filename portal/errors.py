"""Everything this portal raises on purpose, as one tree: catch `PortalError` and no more.

Messages are for the officer or developer who reads a terminal or a log; pages speak for themselves.
"""


class PortalError(Exception):
    """Base of all errors that this portal raises on purpose."""


class NotFound(PortalError):
    """A `get_` was asked for something that does not exist, or is not public."""


class Conflict(PortalError):
    """Somebody else was quicker: what an act was made from is no longer what is there. Nothing was written; look again."""


class Refused(PortalError):
    """An act that this person may not do like this, such as to approve what they proposed; the message says why."""


class ConfigError(PortalError):
    """A setting is missing, malformed or unsafe; the message names it and what to write."""


class ContentError(PortalError):
    """A file of a content pack is missing or wrong; the message names the file and the place in it."""


class SourceError(PortalError):
    """A source to load cannot be read at all: no such file, not JSON, a feed that answers with an error."""


class IndexUnavailable(PortalError):
    """The search index cannot be opened or read, for whatever reason; the database still answers."""
