"""Line ends: browsers and spreadsheets send CR LF, texts are kept with LF."""


def with_line_feeds(text: str) -> str:
    """Return the text with every line end as one line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
