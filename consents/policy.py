"""T01: who may do what. Policy text, code input, test table and help page in one.

The rows are acts, each the name of an address. What an act takes stands in the line of
its address (consents/entrances.py), which access/ enforces; what a role is stands in
providers/roles.py. This module adds nothing to either: it reads them, so that the help
page and the test of every cell cannot say something else than the code does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents import entrances
from consents.codes import Relation
from providers.roles import Role


class Standing(StrEnum):
    """In which relation somebody stands to the patient."""

    PATIENT = "is the patient"
    REPRESENTATIVE = "acts for the patient by a document that covers it"
    SHARED = "is on the care team, and the patient shares"
    NOT_SHARED = "is on the care team, and nothing is shared"
    LEFT = "was on the care team and left"
    BLOCKED = "was on the care team and was blocked"
    COLLEAGUE = "works at a clinic of the team and is not on it"
    OTHER_PATIENT = "is another patient"
    STRANGER = "has nothing to do with the patient"
    OFFICER = "is the privacy officer"
    ADMINISTRATOR = "runs the service"


ON_TEAM = (Standing.SHARED, Standing.NOT_SHARED)
WITH_ROLE = (*ON_TEAM, Standing.LEFT, Standing.BLOCKED)


@dataclass(frozen=True)
class Act:
    """One row: the address, and what it is in words."""

    entrance: str
    words: str | Promise


ACTS = (
    Act("patients:chart", _("Open the patient’s page")),
    Act("patients:team", _("Open the page of the care team")),
    Act("patients:medicines", _("Open the page of medicines")),
    Act("patients:master_list", _("Open the medicine list to print")),
    Act("patients:allergies", _("Open the page of allergies")),
    Act("patients:summary", _("Read the one-page summary")),
    Act("patients:summary_text", _("Copy the summary as text")),
    Act("messaging:updates", _("Open the page of updates")),
    Act("messaging:tell", _("Tell the team that something happened")),
    Act("messaging:update_new", _("Write an update")),
    Act("patients:entry_add", _("Write what was prescribed beside the list")),
    Act("patients:list_review", _("Say that the list was reviewed")),
    Act("consents:ask", _("Ask the patient to share")),
    Act("consents:emergency", _("State an emergency")),
    Act("consents:case_call", _("Record a disclosure to prevent harm")),
    Act("patients:medicine_add", _("Add a medicine to the list")),
    Act("patients:medicines_check", _("Say that the list is correct")),
    Act("patients:list_owner", _("Say who keeps the list")),
    Act("patients:allergy_add", _("Add an allergy")),
    Act("patients:substances", _("Open the page of alcohol, cannabis, nicotine")),
    Act("patients:substance_add", _("Add alcohol, cannabis or nicotine")),
    Act("patients:record", _("Open the whole record")),
    Act("patients:more", _("See what else there is")),
    Act("patients:details", _("Change name and contact details")),
    Act("patients:import", _("Bring in a file from elsewhere")),
    Act("patients:team_add", _("Put somebody on the care team")),
    Act("patients:team_list_owner", _("Say who of the team keeps the list")),
    Act("patients:invite", _("Invite somebody")),
    Act("consents:sharing", _("See who sees what")),
    Act("consents:grant", _("Share with somebody")),
    Act("consents:look", _("Look at the pages as somebody else gets them")),
    Act("consents:receipts", _("Read what was signed")),
    Act("consents:log", _("See who looked")),
    Act("consents:emergency_choice", _("Say who may open the emergency page")),
    Act("consents:talking", _("Say how much the team talks")),
)


# What the privacy officer reads of one patient, in words: for the patient's log and the
# help page. By what was read.
OFFICER_READS: dict[str, str | Promise] = {
    "consents.privacyreport": _("a report, and when the person it is about looked"),
    "consents.emergencyaccess": _("an emergency access: who, when, why"),
    "consents.exceptionalcase": _(
        "the steps of a disclosure that the law allows without permission"
    ),
    "consents.accountingsuspension": _(
        "why an agency asked that telling the patient waits"
    ),
    "consents.disclosure": _("to whom something was told without permission, and when"),
    "consents.representative": _("a paper of somebody who acts for the patient"),
    "patients.patient": _("name and birth date, who acts for the patient, and why"),
}


def allows(act: Act, standing: Standing, role: Role | None = None) -> bool:
    """One cell. Whoever neither is the patient, acts for them nor is on the team: no.

    Raises KeyError for an act whose address has no line.
    """
    line = entrances.entrance(act.entrance)
    if line is None:
        raise KeyError(act.entrance)
    if standing == Standing.PATIENT:
        return Relation.PATIENT in line.purposes
    if standing == Standing.REPRESENTATIVE:
        return Relation.REPRESENTATIVE in line.purposes
    if standing not in ON_TEAM or role is None:
        return False
    relation = Relation.FAMILY if role.related else Relation.CLINICIAN
    if relation not in line.purposes or not line.suits(role):
        return False
    return not line.shares or (standing == Standing.SHARED and _shares(line, role))


def _shares(line: entrances.Entrance, role: Role) -> bool:
    """Whether a permission for everything reaches what the address takes."""
    if line.shares == entrances.ANYTHING:
        return bool(role.categories)
    return line.shares in role.categories


def acts_for_the_patient() -> list[Act]:
    """What somebody may do who acts for the patient by a document."""
    return [act for act in ACTS if allows(act, Standing.REPRESENTATIVE)]


def acts_of(role: Role) -> list[Act]:
    """What somebody in this role may do at most, in the order of the table."""
    return [act for act in ACTS if allows(act, Standing.SHARED, role)]


def acts_without_sharing(role: Role) -> list[Act]:
    """What remains where the patient shares nothing."""
    return [act for act in ACTS if allows(act, Standing.NOT_SHARED, role)]
