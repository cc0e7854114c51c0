"""Short names of browsers."""

from accounts.browsers import short_name

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120 Safari/537.36"


def test_short_name() -> None:
    for user_agent, name in (
        (CHROME, "Chrome · Windows"),
        (f"{CHROME} Edg/120", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120) Gecko/20100101 Firefox/120.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/120 Mobile Safari/537.36", "Chrome · Android"),
        ("curl/8.0 " + "x" * 60, "curl/8.0 " + "x" * 31),
        ("", ""),
    ):
        assert short_name(user_agent) == name, user_agent
