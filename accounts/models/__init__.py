"""Agencies, people, and what stands about people: lost devices, requests for rights, sign-ins."""

from accounts.lost_devices import LostDevice
from accounts.models.people import (
    AGENCY_NAME_LENGTH,
    CODE_LENGTH,
    NAME_LENGTH,
    POST_LENGTH,
    TELEPHONE_LENGTH,
    Agency,
    AgencyQuerySet,
    AgencyVersion,
    Language,
    Posting,
    ProviderAccount,
    StandIn,
    StandInQuerySet,
    User,
    UserManager,
    UserQuerySet,
    default_clearance,
)
from accounts.rights import RightsRequest
from accounts.sign_in_models import AskedMail, FailedSignIn, KnownDevice, SharedCacheRow
