"""Every write about what may be seen: behind the gate, atomic, attributed."""

from consents.actions.by_name import hold_against
from consents.actions.capacity import end_incapacity, state_incapacity
from consents.actions.deaths import correct_death, record_death
from consents.actions.emergency import (
    Statement,
    choose_emergency,
    end_emergencies,
    lift_block,
    review_emergency,
    state_emergency,
)
from consents.actions.guests import (
    Claim,
    CodeTerms,
    Made,
    make_code,
    use_code,
    write_note,
)
from consents.actions.imported import (
    drop_imported,
    keep_imported,
    still_waiting,
)
from consents.actions.items import (
    exempt,
    give_back,
    hand_back,
    keep_back,
    set_labels,
    set_origin,
)
from consents.actions.limits import acknowledge_limits
from consents.actions.looking import leave_out, stand_in, taken_back
from consents.actions.office import raise_alarm, review_alarm, tell_officers
from consents.actions.permissions import (
    adds,
    deny,
    grant,
    narrow,
    open_gate,
    refuse,
    revoke,
    sign,
    stop_sharing,
)
from consents.actions.reports import Said, answer_report, report, take_report
from consents.actions.representatives import (
    begin_as_parent,
    check_document,
    check_scope,
    end_representative,
    follow_majority,
    let_act,
    record_representative,
    rests_on,
    settle_majority,
    stop_acting,
)
from consents.actions.requests import (
    REQUEST_AGAIN_AFTER_DAYS,
    answer_request,
    ask,
    recently_asked,
)
from consents.actions.suspensions import (
    AgencyStatement,
    end_suspension,
    suspend,
)
from consents.actions.talking import choose_talking, let_wait, send_on
from consents.actions.team import comes_along, join, leave
from consents.actions.terms import RuleError, Signature, Terms, with_allergies

__all__ = [
    "settle_majority",
    "follow_majority",
    "record_representative",
    "rests_on",
    "record_death",
    "correct_death",
    "state_incapacity",
    "end_incapacity",
    "end_representative",
    "begin_as_parent",
    "let_act",
    "stop_acting",
    "check_document",
    "check_scope",
    "REQUEST_AGAIN_AFTER_DAYS",
    "AgencyStatement",
    "Claim",
    "CodeTerms",
    "Made",
    "RuleError",
    "Said",
    "Signature",
    "Statement",
    "Terms",
    "acknowledge_limits",
    "adds",
    "answer_report",
    "answer_request",
    "ask",
    "choose_emergency",
    "choose_talking",
    "comes_along",
    "deny",
    "drop_imported",
    "end_emergencies",
    "end_suspension",
    "exempt",
    "give_back",
    "hand_back",
    "grant",
    "hold_against",
    "join",
    "keep_back",
    "keep_imported",
    "leave",
    "leave_out",
    "let_wait",
    "lift_block",
    "make_code",
    "narrow",
    "open_gate",
    "raise_alarm",
    "recently_asked",
    "refuse",
    "review_emergency",
    "report",
    "review_alarm",
    "revoke",
    "send_on",
    "set_labels",
    "set_origin",
    "sign",
    "stand_in",
    "state_emergency",
    "still_waiting",
    "stop_sharing",
    "suspend",
    "take_report",
    "taken_back",
    "tell_officers",
    "use_code",
    "with_allergies",
    "write_note",
]
