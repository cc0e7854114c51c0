"""The hours of a working day in which mails may go out, in Kuala Lumpur: from OPENS until before CLOSES."""

OPENS = 7
CLOSES = 18
#: When the digest goes out to whoever chose nothing else.
USUAL_HOUR = 8
