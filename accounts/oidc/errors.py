"""Why a sign-in at the provider comes to nothing."""


class ProviderError(Exception):
    """The provider cannot be reached, or its answer cannot be used; `reason` is a word for the trail and the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProviderDownError(ProviderError):
    """The provider does not answer, or not as a provider of OpenID Connect does."""


class UntrustedError(ProviderError):
    """An answer that cannot be believed."""


class ClockApartError(UntrustedError):
    """An answer whose time lies outside what our clock allows."""


class ExpiredError(ProviderError):
    """The sign-in was begun too long ago, in another browser, or was finished already."""
