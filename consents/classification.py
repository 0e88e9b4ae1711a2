"""What each column is: identifying, clinical or operational.

One table for masking, exports and the sweep that fails on a column without a line.

identifying  says who somebody is, or reaches them (45 CFR 164.514(b)(2))
clinical     says something of somebody's health, care or sharing; all free text
operational  keeps the service running: states, versions, counters, secrets

Keys are not listed: a primary or foreign key names a row and says nothing by itself.
A history table has the columns of its model, classified alike.
"""

from __future__ import annotations

from enum import StrEnum

from django.apps import apps
from django.db import models

from consents.disclosable import Disclosable


class Kind(StrEnum):
    IDENTIFYING = "identifying"
    CLINICAL = "clinical"
    OPERATIONAL = "operational"


class Unclassified(LookupError):
    """A column without a line in the table."""


# What every Disclosable has.
DISCLOSABLE = {
    Kind.CLINICAL: "categories labels part2_origin occurred_at recorded_at "
    "entered_in_error_at",
    Kind.OPERATIONAL: "lineage version",
}
# What every history table adds.
HISTORY = {
    Kind.CLINICAL: "history_date history_change_reason",
    Kind.OPERATIONAL: "history_type",
}
DOSE = (
    "name brand rxcui form strength unit schedule count morning noon evening bedtime "
    "as_needed_for min_gap_hours max_in_24_hours recent_use every_count every_unit "
    "last_given_date next_due_date steps other reason "
)

TABLE: dict[str, dict[Kind, str]] = {
    # People and sign-in
    "carecoord.user": {
        Kind.IDENTIFYING: "email name",
        Kind.OPERATIONAL: "password last_login is_superuser time_zone is_active "
        "is_staff is_privacy_officer discreet mail_when mail_from mail_until "
        "quick_exit address_refused_at date_joined",
    },
    "carecoord.outgoingmail": {
        Kind.IDENTIFYING: "address key",
        Kind.OPERATIONAL: "subject body is_notice created_at next_attempt_at attempts "
        "sent_at cancelled_at gave_up_at",
    },
    "carecoord.signin": {Kind.OPERATIONAL: "at how"},
    "account.emailaddress": {
        Kind.IDENTIFYING: "email",
        Kind.OPERATIONAL: "verified primary",
    },
    "account.emailconfirmation": {Kind.OPERATIONAL: "created sent key"},
    "mfa.authenticator": {Kind.OPERATIONAL: "type data created_at last_used_at"},
    "sessions.session": {Kind.OPERATIONAL: "session_data expire_date"},
    "auth.permission": {Kind.OPERATIONAL: "name codename"},
    "auth.group": {Kind.OPERATIONAL: "name"},
    "contenttypes.contenttype": {Kind.OPERATIONAL: "app_label model"},
    "guardian.userobjectpermission": {Kind.OPERATIONAL: "object_pk"},
    "guardian.groupobjectpermission": {Kind.OPERATIONAL: "object_pk"},
    # Who gives care
    "providers.party": {Kind.IDENTIFYING: "name", Kind.OPERATIONAL: "kind"},
    "providers.organization": {Kind.IDENTIFYING: "phone address"},
    "providers.practitioner": {
        Kind.IDENTIFYING: "credentials licence_state licence_number npi phone "
        "after_hours_phone best_way",
        Kind.OPERATIONAL: "profession licence_checked_at reply_time",
    },
    "providers.practitionerrole": {Kind.OPERATIONAL: "started_at ended_at"},
    "providers.relatedperson": {
        Kind.IDENTIFYING: "phone",
        Kind.CLINICAL: "relationship",
    },
    "providers.careteamparticipant": {
        Kind.CLINICAL: "role owns started_at ended_at end_reason",
    },
    "providers.patientuserobjectpermission": {},
    # What may be disclosed, and what was
    "consents.consentgate": {Kind.OPERATIONAL: "epoch"},
    "consents.consent": {
        Kind.IDENTIFYING: "signed_name number",
        Kind.CLINICAL: "decision any_discloser categories labels purposes items_from "
        "starts_at ends_at ends_event may_redisclose text revoked_at revoked_how "
        "revoked_why",
        Kind.OPERATIONAL: "text_version signed_at signed_how authority epoch",
    },
    "consents.consentdiscloser": {},
    "consents.itemdeny": {
        Kind.CLINICAL: "created_at lifted_at waits",
        Kind.OPERATIONAL: "lineage",
    },
    "consents.itemexemption": {Kind.CLINICAL: "created_at lifted_at"},
    "consents.talkingchoice": {Kind.CLINICAL: "level answered_at replaced_at"},
    "consents.consentrequest": {
        Kind.CLINICAL: "asked_at categories labels purposes reason answered_at",
        Kind.OPERATIONAL: "held_item",
    },
    "consents.importedconsent": {
        Kind.CLINICAL: "content read_at dropped_at",
        Kind.OPERATIONAL: "digest",
    },
    "consents.disclosurehead": {Kind.OPERATIONAL: "seq hash at"},
    "consents.disclosure": {
        Kind.CLINICAL: "at relation purpose channel entrance basis consents items "
        "categories outcome part2",
        Kind.OPERATIONAL: "seq epoch about exception previous_hash hash request_id",
    },
    "consents.accessrefusal": {
        Kind.CLINICAL: "patient_id at entrance",
        Kind.OPERATIONAL: "request_id failed open_page",
    },
    "consents.guestcode": {
        Kind.CLINICAL: "page most_visits made_at",
        Kind.OPERATIONAL: "code_hash epoch",
    },
    "consents.guestvisit": {
        Kind.IDENTIFYING: "name organization",
        Kind.CLINICAL: "at reason",
        Kind.OPERATIONAL: "epoch",
    },
    "consents.guestnote": {Kind.CLINICAL: "text at"},
    "consents.guesttry": {
        Kind.IDENTIFYING: "source_hash network_hash",
        Kind.OPERATIONAL: "at code_hash turned_away",
    },
    "consents.representative": {
        Kind.IDENTIFYING: "document",
        Kind.CLINICAL: "kind begins_how categories labels may_sign starts_at ends_at "
        "recorded_at checked_at ended_at",
    },
    "consents.incapacity": {Kind.CLINICAL: "reason stated_at ended_at"},
    "consents.death": {
        Kind.IDENTIFYING: "died_at document",
        Kind.CLINICAL: "why recorded_at corrected_at",
        Kind.OPERATIONAL: "closed_sign_in",
    },
    "consents.invitation": {
        Kind.IDENTIFYING: "to_name to_address",
        Kind.CLINICAL: "message role categories labels purposes",
        Kind.OPERATIONAL: "token_hash voice_code_hash voice_attempts sent_at "
        "expires_at accepted_at confirmed_at cancelled_at not_me_at",
    },
    # The two exceptions
    "consents.emergencyaccess": {
        Kind.IDENTIFYING: "name affiliation discloser",
        Kind.CLINICAL: "role kind reason opened_at ends_at ended_at",
        Kind.OPERATIONAL: "epoch",
    },
    "consents.emergencyreview": {Kind.CLINICAL: "outcome words reviewed_at"},
    "consents.emergencyblock": {Kind.CLINICAL: "set_at lifted_at lifted_why"},
    "consents.emergencychoice": {Kind.CLINICAL: "allowed answered_at replaced_at"},
    "consents.exceptionalcase": {
        Kind.IDENTIFYING: "called_whom",
        Kind.CLINICAL: "called_at recorded_at closed_at closed_why",
    },
    "consents.harmevaluation": {Kind.CLINICAL: "to_patient to_others signed_at"},
    "consents.caseconsultation": {
        Kind.IDENTIFYING: "name",
        Kind.CLINICAL: "with_whom said signed_at",
    },
    "consents.casereasons": {
        Kind.CLINICAL: "ground ground_name rule covers_part2 reasons signed_at",
    },
    "consents.casecontent": {
        Kind.CLINICAL: "said ends_at signed_at withdrawn_at withdrawn_why",
        Kind.OPERATIONAL: "epoch",
    },
    "consents.caserecipient": {
        Kind.IDENTIFYING: "name organization reached_by",
        Kind.CLINICAL: "why",
    },
    "consents.caseitem": {
        Kind.CLINICAL: "label categories part2_origin",
        Kind.OPERATIONAL: "item version",
    },
    "consents.patienttold": {Kind.CLINICAL: "told_at words support signed_at"},
    "consents.tellingwait": {Kind.CLINICAL: "reason until signed_at"},
    "consents.waitreview": {Kind.CLINICAL: "answer words reviewed_at"},
    "consents.aftercaretask": {
        Kind.IDENTIFYING: "who",
        Kind.CLINICAL: "what due_date added_at done_at",
    },
    "consents.privacyreport": {
        Kind.IDENTIFYING: "about_words reach",
        Kind.CLINICAL: "kind reason about_date words reported_at due_date taken_at "
        "answered_at outcome answer",
    },
    "consents.readingalarm": {
        Kind.CLINICAL: "words",
        Kind.OPERATIONAL: "at charts reviewed_at",
    },
    "consents.accountingsuspension": {
        Kind.IDENTIFYING: "agency official",
        Kind.CLINICAL: "basis statement starts_at ends_at documented_at ended_at",
    },
    "consents.suspendeddisclosure": {},
    "consents.limitsacknowledgement": {
        Kind.OPERATIONAL: "version text acknowledged_at",
    },
    # The record
    "patients.signinoffer": {
        Kind.IDENTIFYING: "to_address",
        Kind.OPERATIONAL: "token_hash sent_at expires_at attempts taken_at",
    },
    "patients.patient": {
        Kind.IDENTIFYING: "name goes_by pronouns birth_date phone state majority_at "
        "carried_until died_at own_substance_use_at own_sexual_reproductive_at "
        "own_hiv_at own_violence_at own_private_at",
        Kind.OPERATIONAL: "language time_zone created_at",
    },
    "patients.draft": {
        Kind.CLINICAL: "content",
        Kind.OPERATIONAL: "kind about about_version created_at saved_at result",
    },
    "patients.importfile": {
        Kind.CLINICAL: "source counts problems",
        Kind.OPERATIONAL: "sha256 read_at",
    },
    "patients.importeditem": {
        Kind.CLINICAL: "name line content comparison difference never_active",
        Kind.OPERATIONAL: "kind beside state answered_at",
    },
    "patients.medicationstatement": {
        Kind.CLINICAL: DOSE + "kind status prescriber_name started_date "
        "started_precision hold_until_date stopped_date stopped_for_good "
        "last_change_date last_change_decided_by last_change_reason "
        "last_change_note last_change_text unsure source_text",
    },
    "patients.medicationrequest": {
        Kind.CLINICAL: DOSE + "starts_date stops why expected expected_weeks "
        "watch_for watch_weeks therapy adopted_at set_aside_at disagreed_at",
    },
    "patients.medicinechange": {
        Kind.CLINICAL: "what name before after since_date decided_by reason note pace "
        "expected expected_date watch_for watch_until_date therapy",
        Kind.OPERATIONAL: "put_off put_off_date",
    },
    "patients.checkin": {Kind.CLINICAL: "helped since_date mattered note"},
    "patients.therapyphase": {Kind.CLINICAL: "what starts_date weeks"},
    "patients.sideeffect": {
        Kind.CLINICAL: "kind what began_date severity daily_life therapy over_date",
    },
    "patients.supplycount": {
        Kind.CLINICAL: "left counted_date refills_left refilled_by",
    },
    "patients.testresult": {
        Kind.CLINICAL: "test name value unit words usual done_date ordered_by place",
        Kind.OPERATIONAL: "kept_for marked_for",
    },
    "patients.testowner": {Kind.CLINICAL: "test"},
    "patients.sideeffectmark": {Kind.CLINICAL: "course therapy"},
    "patients.familynote": {Kind.CLINICAL: "noticed_date text"},
    "patients.flaganswer": {
        Kind.CLINICAL: "kind first second answer reason ended_at",
        Kind.OPERATIONAL: "mark",
    },
    "patients.medicinetrial": {
        Kind.CLINICAL: "name dose_reached weeks year effect why_stopped dangerous",
    },
    "patients.allergyintolerance": {
        Kind.CLINICAL: "substance reaction year criticality"
    },
    "patients.allergyassertion": {Kind.CLINICAL: "ended_at"},
    "patients.substanceuse": {Kind.CLINICAL: "substance name amount often"},
    "patients.listconfirmation": {Kind.CLINICAL: "takes_none"},
    # The complete list of medicines: facts, nobody's record.
    "patients.listedname": {Kind.OPERATIONAL: "key name generic is_offered"},
    "patients.namegram": {Kind.OPERATIONAL: "gram"},
    "patients.listedmedicine": {
        Kind.OPERATIONAL: "source rxcui term_type full_name digest strength form "
        "release is_suppressed retired_date replaced_by run",
    },
    "patients.listreview": {Kind.CLINICAL: "differences"},
    "patients.condition": {Kind.CLINICAL: "name since_year status"},
    "patients.symptom": {Kind.CLINICAL: "what since better worse"},
    "patients.observation": {Kind.CLINICAL: "measure value note"},
    "patients.goal": {Kind.CLINICAL: "what measure baseline target target_date"},
    "patients.hospitalstay": {Kind.CLINICAL: "where why when how_long"},
    "patients.treatmenttried": {Kind.CLINICAL: "what when effect"},
    "patients.emergencycontact": {
        Kind.IDENTIFYING: "name phone",
        Kind.CLINICAL: "relationship",
    },
    "patients.dailylife": {
        Kind.IDENTIFYING: "insurance",
        Kind.CLINICAL: "work_schedule sleep_pattern visit_preference "
        "preferred_hospital pharmacy",
    },
    "patients.decisionwanted": {Kind.CLINICAL: "what"},
    "patients.timelineevent": {
        Kind.CLINICAL: "kind title detail watch happened_date cancelled_at",
        Kind.OPERATIONAL: "about epoch due_at next_attempt_at attempts fanned_out_at",
    },
    # Talking about it
    "messaging.update": {
        Kind.CLINICAL: "urgency suicidal_thoughts appetite missed_why since_date "
        "what_changed ask ask_detail answer_by_date if_then",
        Kind.OPERATIONAL: "form_key",
    },
    "messaging.updatenumber": {
        Kind.CLINICAL: "measure value previous",
        Kind.OPERATIONAL: "compared_with",
    },
    "messaging.updaterecipient": {
        Kind.CLINICAL: "purpose status sent_at released_at plan plan_date plan_text "
        "passed_on acknowledged_at closed_at",
    },
    "messaging.opening": {Kind.CLINICAL: "opened_at"},
    "messaging.reply": {
        Kind.CLINICAL: "text decision watch_for watch_weeks",
        Kind.OPERATIONAL: "form_key",
    },
    "messaging.updatedraft": {
        Kind.CLINICAL: "typed",
        Kind.OPERATIONAL: "saved_at",
    },
    "messaging.safetynotice": {Kind.OPERATIONAL: "read_at"},
    "messaging.notice": {
        Kind.CLINICAL: "kind",
        Kind.OPERATIONAL: "event about channel epoch created_at seen_at cancelled_at",
    },
    "messaging.followed": {Kind.OPERATIONAL: "log_seq epoch decided_at"},
    "messaging.chore": {Kind.OPERATIONAL: "taken_at"},
}


def kind_of(field: models.Field) -> Kind:
    """What a column of the database is. Raises Unclassified."""
    if field.is_relation or field.primary_key:
        return Kind.OPERATIONAL
    for kind, names in lines_for(field.model):
        if field.name in names.split():
            return kind
    raise Unclassified(f"{field.model._meta.label_lower}.{field.name}")


def lines_for(model: type[models.Model]) -> list[tuple[Kind, str]]:
    """Every line of the table that speaks about this model."""
    tracked = getattr(model, "instance_type", model)
    tables = [TABLE.get(tracked._meta.label_lower, {})]
    if tracked is not model:
        # The key of the row it is a version of.
        tables += [HISTORY, {Kind.OPERATIONAL: tracked._meta.pk.name}]
    if issubclass(tracked, Disclosable):
        tables.append(DISCLOSABLE)
    return [line for table in tables for line in table.items()]


def fields(kind: Kind) -> list[models.Field]:
    """Every column of one kind, of every model. Raises Unclassified."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if kind_of(field) is kind
    ]
