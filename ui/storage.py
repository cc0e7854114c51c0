"""Static files with their hash in the name, so that browsers may cache them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites the imports of scripts, so that a browser never mixes an old module with a new one."""

    support_js_module_import_aggregation = True
