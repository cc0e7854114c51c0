"""The groups of attacks, in the order in which they are run: what harms the instance comes last."""

from importlib import import_module

#: Each is a module of its name.
NAMES = (
    "headers",
    "rights",
    "sessions",
    "provider",
    "limits",
    "hidden",
    "suppression",
    "files",
    "texts",
    "exports",
    "races",
    "logs",
    "tools",
    "denial",
)
for name in NAMES:
    import_module(f"attacks.{name}")  # It puts its attacks into the list.
