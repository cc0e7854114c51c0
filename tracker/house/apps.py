"""The packages of the product, for all checks."""

APPS = (
    "tracker",
    "demo",
    "search",
    "reports",
    "reminders",
    "meetings",
    "indicators",
    "imports",
    "bulk",
    "overview",
    "cycles",
    "identities",
    "recommendations",
    "backups",
    "evidence",
    "guides",
    "accounts",
    "privacy",
    "audit",
    "ui",
)
