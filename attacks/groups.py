"""The groups of attacks, in the order in which they are run: what harms the instance comes last."""

from attacks import (
    denial,
    exports,
    files,
    headers,
    limits,
    logs,
    provider,
    races,
    rights,
    sessions,
    texts,
    tools,
)

_MODULES = (headers, rights, sessions, provider, limits, files, texts, exports, races, logs, tools, denial)
#: Importing a group puts its attacks into the list.
NAMES = tuple(module.GROUP for module in _MODULES)
