"""Addresses of sharing, all of them for the patient alone."""

from django.urls import path

from consents.entrances import CARE, FOR_THE_PATIENT, PATIENT_ONLY, Entrance
from consents.views import (
    change,
    grant,
    grown_up,
    looking,
    proving,
    receipts,
    sharing,
    statements,
    stop,
)

BASE = "patients/<uuid:patient_id>/sharing/"
# The real pages as somebody else gets them, one person or a role at an organization.
AS = f"{BASE}as/<uuid:party_id>/"
ROLE = f"{AS}new/<slug:role>/"

urlpatterns = [
    path(BASE, sharing.overview, name="sharing"),
    path(f"{BASE}yours-now/", grown_up.decide, name="grown_up"),
    path(f"{BASE}grant/", grant.grant, name="grant"),
    path(f"{BASE}grant/prove/", proving.prove, name="grant_prove"),
    path(f"{BASE}<uuid:consent_id>/change/prove/", proving.prove, name="change_prove"),
    path(f"{BASE}receipts/", receipts.receipt_list, name="receipts"),
    path(f"{BASE}receipts/<uuid:consent_id>/", receipts.receipt, name="receipt"),
    path(
        f"{BASE}receipts/<uuid:consent_id>/receipt.pdf",
        receipts.receipt_pdf,
        name="receipt_pdf",
    ),
    path(f"{BASE}<uuid:consent_id>/statement/", statements.statement, name="statement"),
    path(
        f"{BASE}<uuid:consent_id>/statement.pdf",
        statements.statement_pdf,
        name="statement_pdf",
    ),
    path(f"{BASE}kept-back/<uuid:deny_id>/", sharing.give_back, name="give_back"),
    path(f"{ROLE}<path:paper>.pdf", looking.look_paper, name="look_role_paper"),
    path(f"{AS}<path:paper>.pdf", looking.look_paper, name="look_paper"),
    path(ROLE, looking.look, name="look_role"),
    path(f"{ROLE}<path:page>", looking.look, name="look_role_page"),
    path(AS, looking.look, name="look"),
    path(f"{AS}<path:page>", looking.look, name="look_page"),
    path(f"{BASE}<uuid:party_id>/", sharing.person, name="person"),
    path(f"{BASE}<uuid:target_id>/revoke/", stop.revoke, name="revoke"),
    path(f"{BASE}<uuid:consent_id>/change/", change.change, name="change"),
    path(f"{BASE}<uuid:party_id>/never/", stop.never, name="never"),
    path(f"{BASE}<uuid:consent_id>/lift/", stop.lift, name="lift"),
]

# "Coordination is allowed", for the chart of whoever the permission is for.
OF_BOTH = ("statement", "statement_pdf")
# What somebody who acts for the patient may open; the rest is the patient's alone.
ACTING = (
    "sharing",
    "grant",
    "grant_prove",
    "receipts",
    "receipt",
    "receipt_pdf",
    "revoke",
    "look",
    "look_page",
    "look_paper",
    "look_role",
    "look_role_page",
    "look_role_paper",
)
PURPOSES = dict.fromkeys(OF_BOTH, CARE) | dict.fromkeys(ACTING, FOR_THE_PATIENT)
ENTRANCES = {
    f"consents:{pattern.name}": Entrance(PURPOSES.get(str(pattern.name), PATIENT_ONLY))
    for pattern in urlpatterns
}
