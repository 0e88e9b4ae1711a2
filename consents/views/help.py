"""Public help: how to get help, and who can see what at most, by role."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carecoord.transactions import no_transaction
from consents import policy, talking
from consents.codes import CATEGORIES, LABELS
from providers.roles import ROLES


@login_not_required
@require_safe
@no_transaction
def get_help(request: HttpRequest) -> HttpResponse:
    return render(request, "consents/help.html")


@login_not_required
@require_safe
@no_transaction
def who_sees_what(request: HttpRequest) -> HttpResponse:
    """Drawn from the tables that the rule reads, so it cannot say something else."""
    roles = [
        {
            "role": role,
            "kinds": [code for code in CATEGORIES if code.name in role.categories],
            "all": all(code.name in role.categories for code in CATEGORIES),
            "acts": policy.acts_of(role),
            "without": policy.acts_without_sharing(role),
        }
        for role in ROLES.values()
    ]
    acting = policy.acts_for_the_patient()
    context = {
        "acting": acting,
        "roles": roles,
        "categories": list(CATEGORIES),
        "labels": list(LABELS),
        "levels": talking.LEVELS,
        "officer_reads": list(policy.OFFICER_READS.values()),
    }
    return render(request, "consents/who_sees_what.html", context)
