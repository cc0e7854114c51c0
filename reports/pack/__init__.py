"""The evidence pack: the summary, what was accepted and every document that it cites, as one stream."""

from reports.pack.members import Broken, Pack
from reports.pack.reading import read_pack
from reports.pack.stream import Ending, PackStream

__all__ = ["Broken", "Ending", "Pack", "PackStream", "read_pack"]
