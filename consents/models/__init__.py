"""Consent, its gate, the log, requests, invitations, and the two exceptions."""

from consents.models.capacity import Death, Incapacity
from consents.models.consent import (
    Consent,
    ConsentDiscloser,
    ConsentGate,
    ConsentRequest,
    ItemDeny,
    ItemExemption,
)
from consents.models.disclosure import AccessRefusal, Disclosure, DisclosureHead
from consents.models.emergency import (
    EmergencyAccess,
    EmergencyBlock,
    EmergencyChoice,
    EmergencyReview,
)
from consents.models.exceptional import (
    AftercareTask,
    CaseConsultation,
    CaseContent,
    CaseItem,
    CaseReasons,
    CaseRecipient,
    ExceptionalCase,
    HarmEvaluation,
    PatientTold,
    TellingWait,
    WaitReview,
)
from consents.models.guest import GuestCode, GuestNote, GuestTry, GuestVisit
from consents.models.imported import ImportedConsent
from consents.models.invitation import Invitation
from consents.models.privacy import (
    AccountingSuspension,
    LimitsAcknowledgement,
    PrivacyReport,
    ReadingAlarm,
    SuspendedDisclosure,
)
from consents.models.representative import Representative
from consents.models.talking import TalkingChoice

__all__ = [
    "AccessRefusal",
    "AftercareTask",
    "CaseConsultation",
    "CaseContent",
    "CaseItem",
    "CaseReasons",
    "CaseRecipient",
    "AccountingSuspension",
    "Consent",
    "ConsentDiscloser",
    "ConsentGate",
    "ConsentRequest",
    "Disclosure",
    "DisclosureHead",
    "GuestCode",
    "GuestNote",
    "GuestTry",
    "GuestVisit",
    "EmergencyAccess",
    "EmergencyBlock",
    "EmergencyChoice",
    "EmergencyReview",
    "ExceptionalCase",
    "HarmEvaluation",
    "ImportedConsent",
    "Invitation",
    "ItemDeny",
    "ItemExemption",
    "PatientTold",
    "TellingWait",
    "WaitReview",
    "LimitsAcknowledgement",
    "PrivacyReport",
    "ReadingAlarm",
    "SuspendedDisclosure",
    "Death",
    "Incapacity",
    "Representative",
    "TalkingChoice",
]
