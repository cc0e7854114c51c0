"""What both sides of a load know: the site's child that makes people, and Locust, which has no library of Jejak's."""

#: Of everybody; the site never sees it in production.
PASSWORD = "jejak-yang-panjang-2023"  # noqa: S105 - of made-up people
REVIEWERS = 20
