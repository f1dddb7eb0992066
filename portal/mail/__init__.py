"""E-mail and text messages: posted in a transaction, sealed while they wait, sent by whoever calls `deliver` each minute.

In the transaction or not at all: `post` adds a row and never commits. At least once: a row is claimed before it is sent, and only
a process killed in between sends it again, under the same Message-ID. Nothing readable at rest: recipient, subject and text are
sealed under the site's secret and gone once sent; the one exception is the folder that stands in where no carrier is set.

Letters to people are written with `portal.mail.letter`, which makes the plain text and the HTML of a `Message` from the same words.
"""

from __future__ import annotations

from portal.mail.carriers import Carriers, carriers_from
from portal.mail.message import Channel, Message
from portal.mail.outbox import Outgoing, deliver, post, post_once

__all__ = ["Carriers", "Channel", "Message", "Outgoing", "carriers_from", "deliver", "post", "post_once"]
