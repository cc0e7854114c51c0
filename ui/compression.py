"""Compress pages for those requests that no other site can have caused (docs/adr/0019)."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

#: What a browser says of a request that its user made (an address typed, a bookmark), or a page of this site.
_OWN = frozenset({"none", "same-origin"})


class CompressionMiddleware(GZipMiddleware):
    """Sends HTML as gzip, padded by a random length; static files are compressed when they are collected."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the response, compressed if it is a page and the browser says where its request came from."""
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        patch_vary_headers(response, ("Sec-Fetch-Site",))
        if request.headers.get("Sec-Fetch-Site") not in _OWN:
            return response
        return super().process_response(request, response)
