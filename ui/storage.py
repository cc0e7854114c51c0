"""Static files with their hash in the name, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Also renames what a script imports: without it a browser would mix an old module with a new one."""

    support_js_module_import_aggregation = True
