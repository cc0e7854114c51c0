"""The groups of attacks, in the order in which they are run: what harms the instance comes last."""

from attacks import denial, exports, files, headers, logs, races, rights, sessions, texts, tools

#: Importing a group puts its attacks into the list.
NAMES = tuple(
    module.GROUP for module in (headers, rights, sessions, files, texts, exports, races, logs, tools, denial)
)
