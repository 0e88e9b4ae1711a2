"""Every table: a Disclosable or named here, in pairs, and held by the database."""

import pytest
from django.apps import apps
from django.db import models
from django.db.models import CheckConstraint, Q
from simple_history.models import HistoricalChanges

from carecoord.fields import EncryptedTextField
from consents.codes import CATEGORIES
from consents.disclosable import Disclosable, registry
from consents.querysets import DisclosableQuerySet
from patients.models import Condition, Patient
from tests.sweeps.code import PACKAGES
from tests.sweeps.models import scratch

# Tables that lead to a patient and are no Disclosable, and why. What is "part of" an
# item is decided, logged and shown with it, never alone.
NOT_DISCLOSABLE = {
    "providers.relatedperson": "who somebody is to the patient: the roster",
    "providers.careteamparticipant": "the roster: care_team, decided by scope",
    "providers.patientuserobjectpermission": "the relationship itself",
    "consents.consentgate": "the lock",
    "consents.consent": "the patient's own permissions",
    "consents.consentdiscloser": "part of a consent",
    "consents.itemdeny": "what the patient keeps back; for the patient alone",
    "consents.itemexemption": "part of what the patient keeps back",
    "consents.consentrequest": "for the patient and whoever asked",
    "consents.importedconsent": "a draft for the patient alone; no decision reads it",
    "consents.disclosurehead": "the end of the log",
    "consents.disclosure": "the log; for the patient alone",
    "consents.guestcode": "the patient's own codes",
    "consents.guestvisit": "part of a code: what a guest said of themselves",
    "consents.guestnote": "part of a code: for the patient alone",
    "consents.privacyreport": "for whoever wrote it and the privacy officer",
    "consents.accountingsuspension": "for the privacy officer alone",
    "consents.suspendeddisclosure": "part of a suspension",
    "consents.representative": "who acts for the patient, by which document",
    "consents.incapacity": "for whoever stated it, the patient and the officer",
    "consents.death": "for the privacy officer alone",
    "consents.invitation": "for whoever sent it and whoever holds the link",
    "consents.emergencyaccess": "for who stated it, the patient and the officer",
    "consents.emergencyreview": "for the patient and the officer",
    "consents.emergencyblock": "the privacy officer's, about one person",
    "consents.emergencychoice": "the patient's own answer",
    "consents.talkingchoice": "the patient's own answer: the rest learn their own",
    "consents.exceptionalcase": "for its author and the officer",
    "consents.harmevaluation": "part of a case",
    "consents.caseconsultation": "part of a case",
    "consents.casereasons": "part of a case",
    "consents.casecontent": "part of a case",
    "consents.caserecipient": "part of a case",
    "consents.caseitem": "part of a case",
    "consents.patienttold": "part of a case",
    "consents.tellingwait": "part of a case",
    "consents.waitreview": "part of a case",
    "consents.aftercaretask": "part of a case",
    "patients.draft": "what one person has typed; for nobody else",
    "patients.signinoffer": "for whoever sent it and whoever holds the link",
    "patients.importfile": "for the patient alone",
    "messaging.updatenumber": "part of an update",
    "messaging.updaterecipient": "part of an update",
    "messaging.opening": "part of an update",
    "messaging.updatedraft": "what one person has typed; for nobody else",
    "messaging.notice": "ids only; what it says is decided when it is read",
    "messaging.followed": "bookkeeping",
}
# Clinical tables that keep no versions, and why.
WITHOUT_VERSIONS = {
    "patients.importeditem": "what a file said; the answer to it is given once",
    "patients.listconfirmation": "an act of one instant, never changed",
    "patients.supplycount": "a new count is a new row",
    "patients.testowner": "another owner is a new row",
    "patients.familynote": "what somebody told once; more is another note",
    "patients.timelineevent": "what happened; a correction is another event",
    "patients.medicinechange": "what happened, as its event; a newer one ends it",
    "patients.therapyphase": "what happened, as its event; an end is another phase",
}
# Instants without an actor, and why.
WITHOUT_BY = {
    "carecoord.outgoingmail": "nobody's act: the queue's own times",
    "carecoord.user.address_refused_at": "a mail server said so",
    "providers.practitionerrole.started_at": "",
    "consents.consent.starts_at": "a term, not an act",
    "consents.consent.ends_at": "a term, not an act",
    "consents.emergencyaccess.ends_at": "a term, not an act",
    "consents.casecontent.ends_at": "a term, not an act",
    "consents.representative.starts_at": "a term, not an act",
    "consents.representative.ends_at": "a term, not an act",
    "consents.death.died_at": "when it happened, not an act",
    "patients.signinoffer.expires_at": "a term, not an act",
    "patients.patient.majority_at": "follows from the birth date",
    "patients.patient.own_substance_use_at": "follows from the birth date",
    "patients.patient.own_sexual_reproductive_at": "follows from the birth date",
    "patients.patient.own_hiv_at": "follows from the birth date",
    "patients.patient.own_violence_at": "follows from the birth date",
    "patients.patient.own_private_at": "follows from the birth date",
    "patients.patient.died_at": "the history row: the privacy officer",
    "consents.consentrequest.asked_at": "asked_by is a party",
    "consents.accountingsuspension.starts_at": "a term, not an act",
    "consents.accountingsuspension.ends_at": "a term, not an act",
    "consents.limitsacknowledgement.acknowledged_at": "its user",
    "consents.invitation.sent_at": "",
    "consents.invitation.expires_at": "a term, not an act",
    "consents.invitation.not_me_at": "whoever holds the link need not sign in",
    "patients.patient.created_at": "the record's own patient or clinician",
    "patients.draft.created_at": "its user",
    "patients.draft.saved_at": "its user",
    "patients.timelineevent.due_at": "a term, not an act",
    "patients.timelineevent.next_attempt_at": "the queue's own time",
    "patients.timelineevent.fanned_out_at": "the sweep",
    "messaging.updaterecipient.sent_at": "the update's author",
    "messaging.updaterecipient.released_at": "the signature that released it",
    "messaging.updatedraft.saved_at": "its author",
    "messaging.safetynotice.read_at": "its user",
    "messaging.notice": "nobody's act: the sweep's own times",
    "messaging.followed.decided_at": "the sweep",
    "messaging.chore.taken_at": "the sweep",
    "occurred_at": "when it happened, not an act",
}
# Choices that no constraint holds yet: for the next change of these tables.
WITHOUT_CHECK = {
    "consents.disclosure.relation",
    "consents.disclosure.channel",
    "consents.disclosure.basis",
    "consents.disclosure.outcome",
    "consents.invitation.role",
    "patients.importeditem.comparison",
    "patients.medicationstatement.every_unit",
    "patients.medicationstatement.started_precision",
    "patients.medicationstatement.last_change_decided_by",
    "patients.medicationstatement.last_change_reason",
    "patients.medicationrequest.schedule",
    "patients.medicationrequest.every_unit",
    "patients.allergyintolerance.criticality",
    "patients.goal.measure",
    "messaging.update.appetite",
    "messaging.update.missed_why",
    "messaging.update.ask",
    "messaging.notice.kind",
    "messaging.notice.channel",
}


def own_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in PACKAGES
        and not issubclass(model, HistoricalChanges)
    ]


def unversioned(all_models) -> set[str]:
    return {
        model._meta.label_lower
        for model in all_models
        if (model is Patient or issubclass(model, Disclosable))
        and not hasattr(model, "history")
    }


def test_every_clinical_table_keeps_its_versions_or_is_named():
    assert unversioned(own_models()) == set(WITHOUT_VERSIONS)


def test_a_clinical_table_without_versions_is_found():
    with scratch(base=Disclosable) as new:
        assert unversioned([new]) == {"patients.scratch"}


def leads_to_patient(model: type[models.Model], seen: frozenset = frozenset()) -> bool:
    """Whether some chain of foreign keys ends at a patient."""
    if model is Patient:
        return True
    ahead = seen | {model}
    return any(
        leads_to_patient(field.related_model, ahead)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model not in ahead
    )


def unaccounted(all_models) -> list[str]:
    return [
        model._meta.label_lower
        for model in all_models
        if leads_to_patient(model)
        and model is not Patient
        and not issubclass(model, Disclosable)
        and model._meta.label_lower not in NOT_DISCLOSABLE
    ]


@pytest.mark.security("T08", "L08")
def test_every_table_that_leads_to_a_patient_is_a_disclosable_or_named():
    assert unaccounted(own_models()) == []


@pytest.mark.security("T08", "L08")
def test_a_clinical_table_outside_the_rule_is_found():
    key = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    with scratch(patient=key, text=models.TextField()) as new:
        assert unaccounted([new]) == ["patients.scratch"]


@pytest.mark.security("T08", "L08")
def test_a_table_that_hangs_on_an_item_is_found():
    key = models.ForeignKey(Condition, models.PROTECT, related_name="+")
    with scratch(condition=key) as new:
        assert unaccounted([new]) == ["patients.scratch"]


@pytest.mark.parametrize("label", NOT_DISCLOSABLE)
def test_every_named_exception_is_still_one(label):
    model = apps.get_model(label)
    assert leads_to_patient(model) and not issubclass(model, Disclosable)


# Disclosables -----------------------------------------------------------------


def lost(model: type[Disclosable]) -> list[str]:
    """Shared constraints and indexes that a child's own Meta dropped."""
    values = {
        "app_label": model._meta.app_label,
        "class": model._meta.model_name,
    }
    has = {each.name for each in [*model._meta.constraints, *model._meta.indexes]}
    shared = [*Disclosable.Meta.constraints, *Disclosable.Meta.indexes]
    return [
        f"{model._meta.label_lower}: {each.name % values}"
        for each in shared
        if each.name % values not in has
    ]


def test_every_disclosable_keeps_the_shared_constraints_and_indexes():
    assert registry()
    assert [fault for model in registry() for fault in lost(model)] == []


def test_a_dropped_constraint_is_found():
    with scratch(base=Disclosable) as new:
        # A Meta that does not inherit Disclosable.Meta has lost all of them.
        assert len(lost(new)) == len(Disclosable.Meta.constraints) + len(
            Disclosable.Meta.indexes
        )


@pytest.mark.parametrize("model", registry(), ids=lambda model: model.__name__)
def test_every_disclosable_reads_through_the_rule(model):
    assert isinstance(model._default_manager.all(), DisclosableQuerySet)
    assert model._meta.get_field("patient").remote_field.model is Patient
    for name in ("DATED", "AUTHOR_KEEPS"):
        assert isinstance(getattr(model, name), bool)


@pytest.mark.security("T08")
@pytest.mark.parametrize("model", registry(), ids=lambda model: model.__name__)
def test_a_version_has_what_the_rule_reads(model):
    if not hasattr(model, "history"):
        assert model._meta.label_lower in WITHOUT_VERSIONS
        return
    versions = model.history.model
    names = {field.name for field in versions._meta.concrete_fields}
    assert names >= {"patient", "author", "categories", "labels", "lineage"}
    encrypted = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    }
    for name in encrypted:
        assert isinstance(versions._meta.get_field(name), EncryptedTextField)


# Disclosables that are written once, and why they keep no versions.
WITHOUT_VERSIONS = {
    "patients.listconfirmation": "said once, on one day",
    "patients.listreview": "said once, on one day",
    "patients.medicinechange": "what happened, as its event; a newer one ends it",
    "patients.therapyphase": "what happened, as its event; an end is another phase",
    "patients.supplycount": "said once, on one day; a new count is a new row",
    "patients.testowner": "said once; another owner is a new row",
    "patients.familynote": "told once; more is another note",
    "patients.timelineevent": "written once; a correction is another event",
    "patients.importeditem": "what a file said does not change",
}


def test_no_manager_answers_for_somebody_else():
    """The default manager is the plain one: the door is a lint, not a trap."""
    for model in own_models():
        assert model._default_manager.name == "objects", model
        assert model._base_manager.__class__ is models.Manager, model


# Pairs and choices ------------------------------------------------------------


def unpaired(all_models) -> list[str]:
    found = []
    for model in all_models:
        names = {field.name for field in model._meta.concrete_fields}
        for name in sorted(names):
            label = f"{model._meta.label_lower}.{name}"
            if not name.endswith("_at") or f"{name[:-3]}_by" in names:
                continue
            if not {label, model._meta.label_lower, name} & set(WITHOUT_BY):
                found.append(label)
    return found


def test_every_instant_names_who():
    assert unpaired(own_models()) == []


def test_an_instant_without_who_is_found():
    with scratch(closed_at=models.DateTimeField()) as new:
        assert unpaired([new]) == ["patients.scratch.closed_at"]


def halves(all_models) -> list[str]:
    """Pairs of which the database would keep one half."""
    found = []
    for model in all_models:
        names = {
            field.name: field for field in model._meta.concrete_fields if field.null
        }
        for name in sorted(names):
            by = f"{name[:-3]}_by"
            if name.endswith("_at") and by in names and not _held(model, name, by):
                found.append(f"{model._meta.label_lower}.{name}")
    return found


def _held(model: type[models.Model], *names: str) -> bool:
    return any(
        set(names) <= mentioned(constraint.condition)
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint)
    )


def mentioned(condition: Q) -> set[str]:
    """The columns that a condition speaks of."""
    found: set[str] = set()
    for child in condition.children:
        found |= mentioned(child) if isinstance(child, Q) else {_column(child[0])}
    return found


def _column(lookup: str) -> str:
    return lookup.partition("__")[0]


def test_both_halves_of_a_pair_stand_or_neither():
    assert halves(own_models()) == []


def test_a_pair_that_nothing_holds_is_found():
    fields = {
        "closed_at": models.DateTimeField(null=True),
        "closed_by": models.CharField(max_length=9, null=True),  # noqa: DJ001
    }
    with scratch(**fields) as new:
        assert halves([new]) == ["patients.scratch.closed_at"]


def unchecked(all_models) -> list[str]:
    return [
        f"{model._meta.label_lower}.{field.name}"
        for model in all_models
        for field in model._meta.concrete_fields
        if field.choices
        and not _held(model, field.name)
        and f"{model._meta.label_lower}.{field.name}" not in WITHOUT_CHECK
    ]


def test_choices_are_held_by_the_database():
    """Django's choices do not constrain anything (STYLE 2, thing 3)."""
    assert unchecked(own_models()) == []


def test_choices_that_nothing_holds_are_found():
    field = models.CharField(max_length=4, choices=[("a", "A")])
    with scratch(kind=field) as new:
        assert unchecked([new]) == ["patients.scratch.kind"]


@pytest.mark.security("T31")
def test_nothing_clinical_is_in_an_admin():
    assert "django.contrib.admin" not in {app.name for app in apps.get_app_configs()}


def test_masks_cannot_hold_what_has_no_word():
    condition = next(
        each
        for each in Condition._meta.constraints
        if each.name == "patients_condition_categories"
    )
    assert ("categories__lte", CATEGORIES.all) in condition.condition.children
