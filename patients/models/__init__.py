"""Whose care it is, and the record."""

from patients.models.changes import CheckIn, MedicineChange, TherapyPhase
from patients.models.drafts import Draft
from patients.models.drug_list import ListedMedicine, ListedName, ListSource, NameGram
from patients.models.family import FamilyNote
from patients.models.flags import FlagAnswer
from patients.models.imports import ImportedItem, ImportFile
from patients.models.medicines import (
    AllergyAssertion,
    AllergyIntolerance,
    ListConfirmation,
    ListReview,
    MedicationRequest,
    MedicationStatement,
    MedicineTrial,
    SubstanceUse,
)
from patients.models.offers import SignInOffer
from patients.models.patient import Patient
from patients.models.record import (
    Condition,
    DailyLife,
    DecisionWanted,
    EmergencyContact,
    Goal,
    HospitalStay,
    Observation,
    Symptom,
    TreatmentTried,
)
from patients.models.results import TestOwner, TestResult
from patients.models.side_effects import SideEffect, SideEffectMark
from patients.models.supply import SupplyCount
from patients.models.timeline import TimelineEvent

__all__ = [
    "AllergyAssertion",
    "AllergyIntolerance",
    "CheckIn",
    "Condition",
    "DailyLife",
    "DecisionWanted",
    "Draft",
    "EmergencyContact",
    "FamilyNote",
    "FlagAnswer",
    "Goal",
    "HospitalStay",
    "ImportFile",
    "ImportedItem",
    "ListConfirmation",
    "ListReview",
    "ListSource",
    "ListedMedicine",
    "ListedName",
    "MedicationRequest",
    "MedicationStatement",
    "MedicineChange",
    "MedicineTrial",
    "NameGram",
    "Observation",
    "Patient",
    "SideEffect",
    "SideEffectMark",
    "SignInOffer",
    "SubstanceUse",
    "SupplyCount",
    "Symptom",
    "TherapyPhase",
    "TestOwner",
    "TestResult",
    "TimelineEvent",
    "TreatmentTried",
]
