"""Word documents with real styles, so that a drafter can go on writing in them.

A summary holds what the PDF holds. Its font is Arial, since the typefaces of the screen are on no drafter's machine.
"""

#: How Word names the languages.
WORD_LANGUAGES = {"ms": "ms-MY", "en": "en-MY"}
