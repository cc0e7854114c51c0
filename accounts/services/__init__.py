"""Every write to people and agencies. Each is one transaction with its Event."""

from accounts.services.agencies import add_agency, change_agency, deactivate_agency, reactivate_agency
from accounts.services.invitations import Newcomer, invite_many, invite_person, reissue_link
from accounts.services.people import (
    add_person,
    change_address,
    change_person,
    choose_language,
    choose_place,
    deactivate_person,
    move_person,
    name_acting,
    reactivate_person,
    set_clearance,
)
from accounts.services.sessions import (
    end_own_session,
    record_failed_sign_in,
    record_lock_out,
    record_password_change,
    record_reset_request,
    record_sign_in,
    record_sign_out,
    set_own_password,
    sign_out_everywhere,
)
from accounts.services.stand_ins import end_stand_in, name_stand_in

__all__ = [
    "Newcomer",
    "add_agency",
    "add_person",
    "change_address",
    "change_agency",
    "change_person",
    "choose_language",
    "choose_place",
    "deactivate_agency",
    "deactivate_person",
    "end_own_session",
    "end_stand_in",
    "invite_many",
    "invite_person",
    "move_person",
    "name_acting",
    "name_stand_in",
    "reactivate_agency",
    "reactivate_person",
    "record_failed_sign_in",
    "record_lock_out",
    "record_password_change",
    "record_reset_request",
    "record_sign_in",
    "record_sign_out",
    "reissue_link",
    "set_clearance",
    "set_own_password",
    "sign_out_everywhere",
]
