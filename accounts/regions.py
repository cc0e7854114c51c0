"""The states and federal territories of Malaysia, for their public holidays and weekends."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Place(models.TextChoices):
    """ISO 3166-2:MY subdivisions by the three letters of vehicle plates and post offices."""

    JOHOR = "JHR", "Johor"
    KEDAH = "KDH", "Kedah"
    KELANTAN = "KTN", "Kelantan"
    MELAKA = "MLK", "Melaka"
    NEGERI_SEMBILAN = "NSN", "Negeri Sembilan"
    PAHANG = "PHG", "Pahang"
    PERAK = "PRK", "Perak"
    PERLIS = "PLS", "Perlis"
    PULAU_PINANG = "PNG", "Pulau Pinang"
    SABAH = "SBH", "Sabah"
    SARAWAK = "SWK", "Sarawak"
    SELANGOR = "SGR", "Selangor"
    TERENGGANU = "TRG", "Terengganu"
    KUALA_LUMPUR = "KUL", _("Federal Territory of Kuala Lumpur")
    LABUAN = "LBN", _("Federal Territory of Labuan")
    PUTRAJAYA = "PJY", _("Federal Territory of Putrajaya")
