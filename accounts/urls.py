"""URLs of people, agencies and one's own account; sign-in itself is in sign_in_urls."""

from django.urls import path

from accounts.views import agencies, factors, invitations, own_account, people, stand_ins

app_name = "accounts"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/invite/", invitations.invite, name="invite"),
    path("people/invite-many/", invitations.invite_many, name="invite_many"),
    path("people/invite-many/template.csv", invitations.invite_many_template, name="invite_many_template"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/edit/", people.edit_person, name="edit_person"),
    path("people/<int:person_id>/address/", people.change_address, name="change_address"),
    path("people/<int:person_id>/move/", people.move_person, name="move_person"),
    path("people/<int:person_id>/deactivate/", people.deactivate_person, name="deactivate_person"),
    path("people/<int:person_id>/reactivate/", people.reactivate_person, name="reactivate_person"),
    path("people/<int:person_id>/sign-out/", people.sign_out_person, name="sign_out_person"),
    path("people/<int:person_id>/link/", invitations.reissue_link, name="reissue_link"),
    path("people/<int:person_id>/acting/", agencies.name_acting, name="name_acting"),
    path("people/<int:person_id>/stand-ins/", stand_ins.stand_ins, name="stand_ins"),
    path("stand-ins/<int:stand_in_id>/end/", stand_ins.end_stand_in, name="end_stand_in"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/add/", agencies.add_agency, name="add_agency"),
    path("agencies/<int:agency_id>/edit/", agencies.edit_agency, name="edit_agency"),
    path("agencies/<int:agency_id>/mailbox/", agencies.shared_mailbox, name="shared_mailbox"),
    path("agencies/<int:agency_id>/deactivate/", agencies.deactivate_agency, name="deactivate_agency"),
    path("agencies/<int:agency_id>/reactivate/", agencies.reactivate_agency, name="reactivate_agency"),
    path("account/", own_account.my_account, name="my_account"),
    path("account/contact/", own_account.change_contact, name="change_contact"),
    path("account/place/", own_account.choose_place, name="choose_place"),
    path("account/sessions/", own_account.sessions, name="sessions"),
    path("account/sessions/end-others/", own_account.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<int:session_id>/end/", own_account.end_session, name="end_session"),
    path("account/second-factor/", factors.second_factor, name="second_factor"),
    path("account/second-factor/passkey/", factors.add_passkey, name="add_passkey"),
    path("account/second-factor/app/", factors.add_app, name="add_app"),
    path("account/second-factor/codes/", factors.recovery_codes, name="recovery_codes"),
    path("account/second-factor/codes/codes.txt", factors.recovery_codes_file, name="recovery_codes_file"),
    path("account/second-factor/codes/new/", factors.make_codes, name="make_codes"),
    path("account/second-factor/<int:factor_id>/name/", factors.rename_passkey, name="rename_passkey"),
    path("account/second-factor/<int:factor_id>/remove/", factors.remove_factor, name="remove_factor"),
    path("sign-in/again/", factors.start_again, name="start_again"),
    path("language/", own_account.set_language, name="set_language"),
    path("password/<slug:purpose>/<str:person>/<str:token>/", invitations.set_password, name="set_password"),
]
