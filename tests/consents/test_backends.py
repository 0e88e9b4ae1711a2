"""The rule as a plain Django permission, and nobody who could say yes before it."""

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.conf import settings
from guardian.shortcuts import assign_perm

from carecoord.models import CLINICAL_LABELS
from consents import actions
from consents.codes import LABELS
from consents.disclosable import registry
from patients.models import Condition
from tests.cast import Cast
from tests.patients import records

SEES = {"amina", "bram", "jon"}


@pytest.fixture
def item(cast):
    return records.item(Condition, cast.amina, "conditions", cast.at, name="x")


@pytest.mark.parametrize("who", Cast.NAMES)
def test_the_permission_is_the_rule(cast, item, who):
    user = cast.user(who)
    assert user.has_perm("patients.view_condition", item) is (who in SEES)


@pytest.mark.parametrize("who", Cast.NAMES)
def test_asked_without_waiting_the_answer_is_the_same(cast, item, who):
    ask = async_to_sync(cast.user(who).ahas_perm)
    assert ask("patients.view_condition", item) is (who in SEES)
    assert not ask("patients.view_condition")


def test_no_row_of_permission_is_asked_without_waiting(cast, item):
    from django.contrib.auth.models import Permission

    dana = cast.user("dana")
    dana.user_permissions.set(Permission.objects.all())
    for user in (type(dana).objects.get(pk=dana.pk), cast.edo):
        ask = async_to_sync(user.ahas_perm)
        assert not ask("patients.view_condition")
        assert not ask("patients.view_condition", item)
        assert ask("auth.view_permission")


@pytest.mark.parametrize("who", ["edo", "bram", "amina"])
@pytest.mark.parametrize("verb", ["add", "change", "delete", "view"])
def test_without_an_item_nothing_clinical_is_permitted(cast, who, verb):
    assert not cast.user(who).has_perm(f"patients.{verb}_condition")


@pytest.mark.parametrize("verb", ["add", "change", "delete", "history"])
def test_to_see_is_the_only_permission_there_is(cast, item, verb):
    for who in ("amina", "bram", "edo"):
        assert not cast.user(who).has_perm(f"patients.{verb}_condition", item)


def test_rows_of_permission_give_nothing(cast, item):
    """Neither guardian's rows nor Django's groups can say yes for a clinical label."""
    from django.contrib.auth.models import Permission

    dana = cast.user("dana")
    assign_perm("patients.on_care_team", dana, cast.amina)
    dana.user_permissions.set(Permission.objects.all())
    dana = type(dana).objects.get(pk=dana.pk)
    assert not dana.has_perm("patients.view_condition", item)
    assert not dana.has_perm("patients.view_condition")
    assert not dana.has_perm("patients.on_care_team", cast.amina)
    # What is not clinical stays Django's.
    assert dana.has_perm("auth.view_permission")


@pytest.mark.security("T31")
def test_a_superuser_is_asked_for_clinical_labels_like_everyone(cast, item):
    assert cast.edo.is_superuser
    for model in registry():
        name = f"{model._meta.app_label}.view_{model._meta.model_name}"
        assert not cast.edo.has_perm(name)
        assert not cast.edo.has_perm(name, item)
    for label in CLINICAL_LABELS:
        assert not cast.edo.has_module_perms(label)
    assert cast.edo.has_perm("auth.change_group")
    assert cast.edo.has_module_perms("auth")


def test_every_clinical_app_is_a_clinical_label():
    assert {model._meta.app_label for model in registry()} <= CLINICAL_LABELS
    own = {"providers", "consents", "patients", "messaging"}
    assert own == CLINICAL_LABELS
    assert own <= {app.label for app in apps.get_app_configs()}


def test_an_item_of_another_kind_is_not_seen_by_another_name(cast, item):
    assert not cast.user("bram").has_perm("patients.view_goal", item)
    assert not cast.user("bram").has_perm("messaging.view_condition", item)


def test_a_closed_account_has_no_permission(cast, item):
    user = cast.user("bram")
    user.is_active = False
    user.save()
    assert not user.has_perm("patients.view_condition", item)


@pytest.mark.slow
@pytest.mark.security("T24")
def test_nothing_is_remembered_between_two_questions(cast, item):
    """T24: one process, one user object, a hundred changes, a hundred right answers."""
    user = cast.user("bram")
    by_amina = {"by": cast.amina.user, "at": cast.at}
    for _ in range(50):
        actions.keep_back(item=item, **by_amina)
        assert not user.has_perm("patients.view_condition", item)
        actions.give_back(item=item, **by_amina)
        assert user.has_perm("patients.view_condition", item)


def test_a_label_counts_at_once(cast, item):
    user = cast.user("bram")
    assert user.has_perm("patients.view_condition", item)
    actions.set_labels(
        item=item, labels=LABELS["violence"], by=cast.amina.user, at=cast.at
    )
    assert not user.has_perm("patients.view_condition", item)


@pytest.mark.security("T24", "T31")
def test_the_rule_stands_first_and_guardian_is_not_asked():
    first, *others = settings.AUTHENTICATION_BACKENDS
    assert first == "consents.backends.ConsentBackend"
    assert not any("guardian" in name for name in others)
    assert settings.ANONYMOUS_USER_NAME is None
