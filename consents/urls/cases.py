"""Addresses of exceptional disclosures: author, those named, the privacy officer."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from consents import office, waits, withheld
from consents.access.cases_of_office import office_lines
from consents.codes import Channel, Relation
from consents.entrances import CLINICIAN_ONLY, NO_CONTENT, Entrance
from consents.views import cases, disclosed

CASE = "cases/<uuid:case_id>/"

urlpatterns = [
    path("patients/<uuid:patient_id>/harm/", cases.call, name="case_call"),
    path("cases/", cases.own, name="cases"),
    path(CASE, cases.case, name="case"),
    path(f"{CASE}step/<slug:kind>/", cases.step, name="case_step"),
    path(f"{CASE}content/", cases.content, name="case_content"),
    path(
        f"{CASE}content/<uuid:content_id>/withdraw/",
        cases.withdraw,
        name="case_withdraw",
    ),
    path(f"{CASE}told/", cases.told, name="case_told"),
    path(f"{CASE}wait/", cases.wait, name="case_wait"),
    path(f"{CASE}review/", cases.review, name="case_review"),
    path(f"{CASE}aftercare/<uuid:task_id>/done/", cases.done, name="case_done"),
    path(f"{CASE}close/", cases.close, name="case_close"),
    path(
        f"{CASE}packet/<uuid:recipient_id>/packet.pdf",
        disclosed.packet,
        name="case_packet",
    ),
    path("disclosed/<uuid:content_id>/", disclosed.received, name="case_received"),
]

_CONTENT = {
    "case_call": Entrance(CLINICIAN_ONLY, needs="licensed"),
    "case_content": Entrance(CLINICIAN_ONLY),
    "case_received": Entrance({Relation.CLINICIAN: "THREAT"}),
    "case_packet": Entrance({Relation.CLINICIAN: "THREAT"}, Channel.PDF),
}
ENTRANCES = {
    f"consents:{pattern.name}": _CONTENT.get(str(pattern.name), Entrance(NO_CONTENT))
    for pattern in urlpatterns
}

office.register(
    office.Section(
        key="cases",
        order=10,
        heading=_("Exceptional disclosures that are open"),
        empty=_("None is open."),
        lines=office_lines,
    )
)
withheld.register(waits.waiting)
