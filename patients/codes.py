"""Codes of the record; FHIR value beside the word on screen."""

from django.db import models


class MedicineStatus(models.TextChoices):
    """FHIR MedicationStatement.status, in people's words."""

    ACTIVE = "active", "Taking"
    ON_HOLD = "on-hold", "On hold"
    INTENDED = "intended", "Not started yet"
    STOPPED = "stopped", "Stopped"
    ENTERED_IN_ERROR = "entered-in-error", "Added by mistake"


CURRENT = (MedicineStatus.ACTIVE, MedicineStatus.ON_HOLD, MedicineStatus.INTENDED)


class MedicineKind(models.TextChoices):
    PRESCRIPTION = "prescription", "Prescription"
    OVER_THE_COUNTER = "otc", "Bought without a prescription"
    SUPPLEMENT = "supplement", "Vitamin, supplement or herbal"
    OTHER = "other", "Other"


class Schedule(models.TextChoices):
    DAILY = "daily", "Every day, at set times"
    AS_NEEDED = "as_needed", "Only when needed"
    INTERVAL = "interval", "Every few days, weeks or months"
    STEPS = "steps", "A step plan, going up or down"
    WEEK = "week", "Not the same on every day of the week"
    OTHER = "other", "Another schedule"


class Unit(models.TextChoices):
    DAY = "day", "days"
    WEEK = "week", "weeks"
    MONTH = "month", "months"


class DatePrecision(models.TextChoices):
    DAY = "day", "a day"
    MONTH = "month", "a month"
    YEAR = "year", "a year"
    UNKNOWN = "unknown", "Not sure"


class DecidedBy(models.TextChoices):
    PRESCRIBER = "prescriber", "The prescriber"
    PATIENT = "patient", "I decided"
    UNSURE = "unsure", "Not sure"


class ChangeReason(models.TextChoices):
    """Why a dose changed or a medicine was stopped."""

    SIDE_EFFECT = "side_effect", "Side effect"
    NOT_HELPING = "not_helping", "Did not help enough"
    BETTER = "better", "Feeling better"
    PLAN = "plan", "The prescriber's plan"
    COST = "cost", "Cost or supply"
    RAN_OUT = "ran_out", "Ran out"
    OTHER = "other", "Another reason"


class AllergyLabel(models.TextChoices):
    """The four labels (NHS CUI PAB-0064); never blank."""

    KNOWN = "known", "Known allergies"
    NONE_KNOWN = "none", "No known allergies"
    NOT_RECORDED = "not_recorded", "Allergies not recorded"
    UNAVAILABLE = "unavailable", "Allergies unavailable"


class Criticality(models.TextChoices):
    """FHIR AllergyIntolerance.criticality."""

    LOW = "low", "Mild"
    HIGH = "high", "Dangerous"
    UNKNOWN = "unable-to-assess", "Not sure"


class ConditionStatus(models.TextChoices):
    """FHIR Condition.clinicalStatus."""

    ACTIVE = "active", "Now"
    REMISSION = "remission", "In remission"
    RESOLVED = "resolved", "Over"


class Measure(models.TextChoices):
    """What is counted; the unit is in MEASURE_UNITS."""

    SLEEP = "sleep_hours", "Sleep, hours a night"
    PANIC = "panic_per_week", "Panic attacks a week"
    MISSED_DOSES = "missed_doses_14", "Missed doses, last 14 days"
    DAYS_WORKED = "days_able_to_work_10", "Days able to work, of the last 10"
    SELF_RATED = "self_rated_10", "How it goes, 0 to 10"
    PHQ9 = "phq9", "PHQ-9"
    GAD7 = "gad7", "GAD-7"
    WEIGHT = "weight_kg", "Weight, kg"
    SYSTOLIC = "systolic", "Blood pressure, upper"
    DIASTOLIC = "diastolic", "Blood pressure, lower"


# (smallest, largest) that a person could mean; anything else is a slip of the hand.
MEASURE_BOUNDS = {
    Measure.SLEEP: (0, 24),
    Measure.PANIC: (0, 200),
    Measure.MISSED_DOSES: (0, 200),
    Measure.DAYS_WORKED: (0, 10),
    Measure.SELF_RATED: (0, 10),
    Measure.PHQ9: (0, 27),
    Measure.GAD7: (0, 21),
    Measure.WEIGHT: (2, 500),
    Measure.SYSTOLIC: (40, 300),
    Measure.DIASTOLIC: (20, 200),
}


class Substance(models.TextChoices):
    ALCOHOL = "alcohol", "Alcohol"
    CANNABIS = "cannabis", "Cannabis"
    NICOTINE = "nicotine", "Nicotine"
    OTHER = "other", "Something else"


class EventKind(models.TextChoices):
    """A plan-changing event: what the timeline shows and the outbox carries."""

    MEDICINE_STARTED = "medicine_started", "Medicine started"
    MEDICINE_CHANGED = "medicine_changed", "Medicine changed"
    MEDICINE_STOPPED = "medicine_stopped", "Medicine stopped"
    MEDICINE_HELD = "medicine_held", "Medicine on hold"
    MEDICINE_PRESCRIBED = "medicine_prescribed", "Prescriber's entry"
    MEDICINE_CORRECTED = "medicine_corrected", "Mistake corrected"
    ALLERGY_ADDED = "allergy_added", "Allergy added"
    SIDE_EFFECT = "side_effect", "Side effect"
    SIDE_EFFECT_SEEN = "side_effect_seen", "Side effect seen in therapy"
    CONDITION_FOUND = "condition_found", "Diagnosis found"
    THERAPY_CHANGED = "therapy_changed", "Therapy changed"
    HOSPITAL = "hospital", "Hospital or emergency visit"
    DOSES_MISSED = "doses_missed", "Doses missed"
    RAN_OUT = "ran_out", "Ran out of a medicine"
    SUBSTANCE_USE = "substance_use", "Drinking or using more"
    STRESSOR = "stressor", "Something hard happened"
    UPDATE_SENT = "update_sent", "Update"
    UPDATE_ANSWERED = "update_answered", "Answer to an update"
    LIST_CONFIRMED = "list_confirmed", "Medicine list checked"
    # For one prescriber, and nobody else.
    ASKED = "asked", "Question to a prescriber"
    CHECKED_IN = "checked_in", "How it has been since a change"
    # The patient's own: what somebody with a code wrote, word for word.
    OUTSIDE_NOTE = "outside_note", "Note from outside the team"
    FAMILY_NOTICED = "family_noticed", "What family noticed"


# What clinicians send each other, as what happened.
CONVERSATION = (EventKind.UPDATE_SENT, EventKind.UPDATE_ANSWERED)


class SideEffectKind(models.TextChoices):
    """S20: what a medicine did that it should not."""

    SLEEPINESS = "sleepiness", "Sleepiness"
    RESTLESSNESS = "restlessness", "Restlessness"
    NAUSEA = "nausea", "Nausea"
    SEXUAL = "sexual", "Sexual side effect"
    APPETITE = "appetite", "Change of appetite or weight"
    DULLING = "dulling", "Feelings are dulled"
    ACTIVATION = "activation", "Too much energy, or agitated"
    # Urgent, however bad they are: patients/urgent_signs.py.
    RASH = "rash", "Rash"
    SWELLING = "swelling", "Swollen face, tongue or throat"
    FEVER = "fever", "Fever"
    STIFF_MUSCLES = "stiff_muscles", "Stiff muscles"
    YELLOW_SKIN = "yellow_skin", "Yellow skin or eyes"
    FAINTING = "fainting", "Fainting or irregular heartbeat"
    SEIZURE = "seizure", "Seizure"
    SELF_HARM = "self_harm", "Thoughts of self-harm or suicide"
    OTHER = "other", "Something else"


# The form shows two groups, the common ones with "something else" first.
COMMON_SIDE_EFFECTS = (
    SideEffectKind.SLEEPINESS,
    SideEffectKind.RESTLESSNESS,
    SideEffectKind.NAUSEA,
    SideEffectKind.SEXUAL,
    SideEffectKind.APPETITE,
    SideEffectKind.DULLING,
    SideEffectKind.ACTIVATION,
)


class Bother(models.TextChoices):
    """How bad a side effect is, by what it stops."""

    MILD = "mild", "Mild: I notice it"
    MODERATE = "moderate", "Moderate: it gets in the way"
    SEVERE = "severe", "Severe: it stops me"


class Course(models.TextChoices):
    """S21: what a therapist makes of a side effect."""

    WORSENING = "worsening", "Worsening"
    ADJUSTMENT = "adjustment", "Adjustment that may pass"
    UNCLEAR = "unclear", "Not clear yet"


class Change(models.TextChoices):
    """What happened to a medicine."""

    STARTED = "started", "Started"
    DOSE = "dose", "Dose changed"
    STOPPED = "stopped", "Stopped"
    HELD = "held", "On hold"


class Pace(models.TextChoices):
    """What a medicine does to somebody who works in therapy."""

    SEDATING = "sedating", "Can make a person sleepy or slowed down"
    ACTIVATING = "activating", "Can make a person restless or wound up"
    STEADY = "steady", "Neither"


class Helped(models.TextChoices):
    """S22: one tap, when the window of a change ends."""

    HELPED = "helped", "It helped"
    NO_CHANGE = "no_change", "No change"
    WORSE = "worse", "It got worse"
    UNSURE = "unsure", "I can't tell"


class Phase(models.TextChoices):
    """What happens in therapy (S23)."""

    DEMANDING = "demanding", "Trauma or other demanding work begins"
    EXPOSURE = "exposure", "Exposure work begins"
    MORE = "more", "Sessions become more frequent"
    FEWER = "fewer", "Sessions become less frequent"
    KIND = "kind", "A new kind of therapy begins"
    ENDS = "ends", "Therapy ends or pauses"


# Work that may raise distress for some weeks.
HARD_WORK = (Phase.DEMANDING, Phase.EXPOSURE)


class FlagReply(models.TextChoices):
    """What somebody said to a flag; the flag stays, and comes back when it changes."""

    SET_ASIDE = "set_aside", "Looked at, set aside"
    WILL_ASK = "will_ask", "I will ask"


class ProposalState(models.TextChoices):
    WAITING = "waiting", "Waiting for you"
    ACCEPTED = "accepted", "Added"
    DECLINED = "declined", "Left out"


class Comparison(models.TextChoices):
    NEW = "new", "New"
    SAME = "same", "Same as your list"
    DIFFERENT = "different", "Different from your list"


class MissedWhy(models.TextChoices):
    """Why a dose was missed: no word blames."""

    FORGOT = "forgot", "Forgot"
    SIDE_EFFECT = "side_effect", "Side effect"
    RAN_OUT = "ran_out", "Ran out or cost"
    CHOSE = "chose", "Chose not to"
    OTHER = "other", "Another reason"
