"""What the processes that open a stranger's file may take."""

from evidence.sandbox import Limits

_MIB = 1024 * 1024

#: A person waits for the judgement of a file, so that process stands back only a little for others.
JUDGING = Limits(memory_bytes=512 * _MIB, cpu_seconds=4, wall_seconds=5, output_bytes=1024, niceness=5)
#: The preview of the largest accepted image needs about 240 MB.
DRAWING = Limits(memory_bytes=768 * _MIB, cpu_seconds=20, wall_seconds=40, output_bytes=8 * _MIB)
#: The beginning of a long text is kept: 1,000,000 characters, about 400 pages, of up to four bytes each.
MAX_TEXT_CHARACTERS = 1_000_000
READING = Limits(
    memory_bytes=768 * _MIB, cpu_seconds=30, wall_seconds=60, output_bytes=4 * MAX_TEXT_CHARACTERS
)
