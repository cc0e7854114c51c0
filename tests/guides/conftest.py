"""The world that this room's tests share."""

from tests.factories.accounts import World, make_world
from tests.shared import shared


@shared
def world() -> World:
    return make_world()
