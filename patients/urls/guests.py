"""Addresses for somebody with a code: no patient's id is in any of them."""

from django.urls import path

from consents.codes import Channel, Relation
from consents.entrances import Entrance, Purposes
from patients.views import guests as views

GUEST: Purposes = {Relation.GUEST: "TREAT"}

urlpatterns = [
    path("code/", views.enter, name="guest"),
    path("code/page/", views.page, name="guest_page"),
    path("code/page.pdf", views.page_pdf, name="guest_pdf"),
    path("code/still/", views.still, name="guest_still"),
    path("code/note/", views.note, name="guest_note"),
    path("code/leave/", views.leave, name="guest_leave"),
]

ENTRANCES: dict[str, Entrance] = {
    "patients:guest_page": Entrance(GUEST, Channel.LINK),
    "patients:guest_pdf": Entrance(GUEST, Channel.PDF),
    "patients:guest_still": Entrance({}),
    "patients:guest_note": Entrance(GUEST, Channel.LINK),
}
