"""The rule. One definition: permitted() for many, decide() for one with its reason.

    may see = on the care team AND the role allows it AND a consent is in force that
              covers recipient, discloser, category, every label, purpose and time
    or      the person is the patient
    or      it is wholly the person's own text
    or      an exceptional disclosure or emergency access, open now, names this
            person and this item

Default is deny. Revoking, superseding and leaving are read from state; only starts,
ends and item dates use the reader's instant.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.lookups import Exact, GreaterThan, IsNull

from carecoord.models import User
from consents import exceptions, parents_reach, representing
from consents.answers import Decision, explain
from consents.codes import CATEGORIES, PURPOSES
from consents.disclosable import Disclosable
from consents.models import Consent, ConsentDiscloser, ItemDeny, ItemExemption
from consents.querysets import ConsentQuerySet, bits
from consents.readers import Guest, Reader, knower
from consents.ready import ready
from consents.windows import WINDOWED
from providers.models import CareTeamParticipant, Party
from providers.querysets import CareTeamQuerySet, is_reader
from providers.roles import ROLES


def permitted(items: QuerySet, reader: Reader | Guest) -> QuerySet:
    """The items this reader may see: one SQL condition, decided as it is read."""
    return _known(items).filter(ready(rule, items.model, reader))


def _known(items: QuerySet) -> QuerySet:
    """Those that whoever looks along may see as well: the same rule, for them."""
    other = knower()
    return items if other is None else items.filter(ready(rule, items.model, other))


def with_basis(items: QuerySet, reader: Reader | Guest) -> QuerySet:
    """permitted(), each item with what it rests on; nothing if it is one's own.

    `relied_on` is the consent, `excepted_by` the emergency or exceptional case.
    """
    return permitted(items, reader).annotate(
        relied_on=ready(_relied_on, items.model, reader),
        excepted_by=ready(_excepted_by, items.model, reader),
    )


def decide(item: Model, reader: Reader | Guest) -> Decision:
    """permitted() for one item, with the explanation, in one query."""
    model = type(item)
    row = (
        _known(model._base_manager.filter(pk=item.pk))
        .annotate(
            **{name: ready(build, model, reader) for name, build in ANSWERS.items()}
        )
        .values(*ANSWERS)
        .first()
    )
    return explain(row, reader.purpose)


def rule(model: type[Model], reader: Reader | Guest) -> Q:
    """The whole rule as one condition on `model` (a Disclosable or its history)."""
    return (
        _own(model, reader)
        | _covered(model, reader)
        | _represents(model, reader)
        | _excepted(model, reader)
    )


def is_for(reader: Reader | Guest, *, field: str) -> Q:
    """`field` (a Party) is this reader, or an organization they act for."""
    if isinstance(reader, Guest):
        return Q(**{f"{field}_id": reader.party_id})
    return is_reader(reader.user_id, field=field)


def live(model: type[Model]) -> type[Disclosable]:
    """The model itself, or the one of which it keeps the versions."""
    return cast(type[Disclosable], getattr(model, "instance_type", model))


# The pieces, one sentence of the rule each ------------------------------------


def _own(model: type[Model], reader: Reader | Guest) -> Q:
    return _is_patient(reader) | _own_text(model, reader)


def _covered(model: type[Model], reader: Reader | Guest) -> Q:
    """The role allows it, a consent in force covers it, and nothing denies it."""
    return (
        Q(categories__gt=0)
        & _role_allows(reader)
        & _permitted(model, reader)
        & ~Q(Exists(_denies(reader)))
        & ~_item_denied(reader)
    )


def _excepted(model: type[Model], reader: Reader | Guest) -> Q:
    """An emergency or an exceptional case, open now, names this reader and item.

    Only through the entrance of its own purpose: the chart never shows it. A guest
    has no sign-in and is named by neither.
    """
    if isinstance(reader, Guest):
        return NOTHING
    branch = EXCEPTIONS.get(reader.purpose)
    return branch(model, reader) if branch else NOTHING


def _emergency(model: type[Model], reader: Reader) -> Q:
    """The ER core; denies and "only me" bind it, and so does the patient's "no"."""
    return (
        Q(categories__gt=0)
        & exceptions.in_core(live(model), memberships(reader), reader)
        & Q(Exists(exceptions.emergencies(reader)))
        & ~Q(Exists(exceptions.of_own_child(reader)))
        & ~Q(Exists(exceptions.refused_beforehand()))
        & ~Q(Exists(_denies(reader)))
        & ~_item_denied(reader)
    )


def _exceptional(model: type[Model], reader: Reader) -> Q:
    """Exactly what was picked, for exactly those named: no deny undoes a duty."""
    return Q(Exists(exceptions.named(reader)))


EXCEPTIONS = {
    exceptions.EMERGENCY: _emergency,
    exceptions.EXCEPTIONAL: _exceptional,
}


def _is_patient(reader: Reader | Guest) -> Q:
    if isinstance(reader, Guest):
        return NOTHING
    me = User.objects.filter(pk=reader.user_id, is_active=True, patient__isnull=False)
    return Q(patient_id__in=me.values("patient__pk"))


def _own_text(model: type[Model], reader: Reader | Guest) -> Q:
    """The author keeps what they wrote, unless the patient blocked them."""
    if isinstance(reader, Guest) or not live(model).AUTHOR_KEEPS:
        return NOTHING
    blocked = CareTeamParticipant.objects.filter(
        patient_id=OuterRef("patient_id"),
        party_id=OuterRef("author_id"),
        end_reason="blocked",
    )
    mine = Party.objects.filter(user_id=reader.user_id, user__is_active=True)
    return Q(author_id__in=mine.values("pk")) & ~Q(Exists(blocked))


def _represents(model: type[Model], reader: Reader | Guest) -> Q:
    """Acts for the patient, through the entrance of that purpose and no other."""
    if isinstance(reader, Guest) or reader.purpose != representing.PURPOSE:
        return NOTHING
    return (
        Q(categories__gt=0)
        & representing.covers(model, reader)
        & ~Q(Exists(_denies(reader)))
        & ~_item_denied(reader)
    )


def _on_team(reader: Reader | Guest) -> Q:
    if isinstance(reader, Guest):
        return NOTHING
    return Q(patient_id__in=memberships(reader).values("patient_id"))


def memberships(reader: Reader) -> CareTeamQuerySet:
    return CareTeamParticipant.objects.of_user(reader.user_id)


def _role_allows(reader: Reader | Guest) -> Q:
    """On the team in a role that needs every category of the item.

    A guest is on no team and has no role: the permission says it all.
    """
    if isinstance(reader, Guest):
        return EVERYTHING
    condition = NOTHING
    serving = memberships(reader).serving(reader.purpose)
    for mask, names in role_masks().items():
        members = serving.filter(role__in=names)
        outside = Exact(bits("categories", CATEGORIES.all & ~mask), 0)
        condition |= Q(patient_id__in=members.values("patient_id")) & Q(outside)
    return condition


@lru_cache(maxsize=1)
def role_masks() -> dict[int, list[str]]:
    """Roles by the mask of categories they need; roles that need none are left out."""
    masks: dict[int, list[str]] = {}
    for role in ROLES.values():
        if mask := CATEGORIES.mask(*role.categories):
            masks.setdefault(mask, []).append(role.code)
    return masks


def _permitted(model: type[Model], reader: Reader | Guest) -> Q:
    permits = _permits(model, reader)
    if not parents_reach.binds(reader):
        return Q(Exists(permits))
    return parents_reach.covers(model, permits)


def _permits(model: type[Model], reader: Reader | Guest) -> QuerySet:
    """Consents in force that cover the outer item whole."""
    return (
        _addressed_to(reader)
        .permits()
        .filter(
            _covers("categories"),
            _covers("labels"),
            GreaterThan(bits("purposes", PURPOSES[reader.purpose]), 0),
            _discloser_named(),
            _inside_window() if live(model).DATED else Q(),
            representing.still_signed(reader.at, labels=OuterRef("labels")),
            by_another(reader),
            parents_reach.not_kept_from_signer(reader),
        )
    )


def _denies(reader: Reader | Guest) -> QuerySet:
    """Denies in force that touch the outer item: any overlap is enough."""
    return (
        _addressed_to(reader)
        .denies()
        .filter(
            GreaterThan(bits("categories", OuterRef("categories")), 0),
            Q(labels=0) | Q(GreaterThan(bits("labels", OuterRef("labels")), 0)),
        )
    )


def by_another(reader: Reader | Guest) -> Q:
    """What somebody signed for a patient opens nothing to that person themselves,
    also not by an organization in which they work; nor to the other parent.
    """
    if isinstance(reader, Guest):
        return EVERYTHING
    others = ~Q(signed_by_id=reader.user_id) & parents_reach.not_to_a_parent(reader)
    return Q(representative=None) | others


def _addressed_to(reader: Reader | Guest) -> ConsentQuerySet:
    return Consent.objects.in_force(reader.at).filter(
        is_for(reader, field="recipient"),
        patient_id=OuterRef("patient_id"),
    )


def _covers(field: str) -> Exact:
    return Exact(bits(field, OuterRef(field)), OuterRef(field))


def _discloser_named() -> Q:
    """What the patient entered, the patient discloses; the rest needs a discloser."""
    named = ConsentDiscloser.objects.filter(
        consent_id=OuterRef("pk"), party_id=OuterRef(OuterRef("author_id"))
    )
    return (
        Q(any_discloser=True)
        | Q(IsNull(OuterRef("author_id"), True))
        | Q(Exists(named))
    )


def _inside_window() -> Q:
    """Updates, numbers and papers have a window; current lists stand as they are."""
    outside_of_it = Exact(_overlap(OuterRef("categories"), WINDOWED), 0)
    return (
        Q(items_from=None)
        | Q(items_from__lte=OuterRef("occurred_at"))
        | Q(outside_of_it)
    )


def _overlap(mask: OuterRef, other: int) -> ExpressionWrapper:
    return ExpressionWrapper(mask.bitand(other), output_field=IntegerField())


def _item_denied(reader: Reader | Guest) -> Q:
    """ "Only me" holds for whoever it does not exempt; a deny by name for that one."""
    denies = ItemDeny.objects.filter(
        Q(party=None) & ~Q(Exists(_exemptions(reader))) | is_for(reader, field="party"),
        lineage=OuterRef("lineage"),
        lifted_at=None,
    )
    return Q(Exists(denies))


def _exemptions(reader: Reader | Guest) -> QuerySet:
    """What takes this reader out of the outer "only me", and of nothing else."""
    return ItemExemption.objects.filter(
        is_for(reader, field="party"), deny=OuterRef("pk"), lifted_at=None
    )


def _relied_on(model: type[Model], reader: Reader | Guest) -> Case:
    """The newest consent that covers the item; empty for one's own."""
    newest = _newest(model, reader)
    if reader.purpose not in EXCEPTIONS:
        return Case(
            When(_own(model, reader) | _represents(model, reader), then=Value(None)),
            default=newest,
        )
    covers = _covered(model, reader) & ~_own(model, reader)
    return Case(When(covers, then=newest), default=NO_ID)


def _newest(model: type[Model], reader: Reader | Guest) -> Case | Subquery:
    permits = _permits(model, reader).order_by("-signed_at", "-pk")
    if not parents_reach.binds(reader):
        return Subquery(permits.values("pk")[:1])
    return parents_reach.first(model, permits)


def _excepted_by(model: type[Model], reader: Reader | Guest) -> Case | Value:
    """The newest emergency or case, where nothing less opens the item."""
    if isinstance(reader, Guest) or reader.purpose not in EXCEPTIONS:
        return NO_ID
    ids = {
        exceptions.EMERGENCY: lambda: (
            exceptions.emergencies(reader).order_by("-opened_at", "-pk").values("pk")
        ),
        exceptions.EXCEPTIONAL: lambda: (
            exceptions.named(reader)
            .order_by("-content__signed_at", "-pk")
            .values("content__case_id")
        ),
    }[reader.purpose]()
    less = _own(model, reader) | _covered(model, reader)
    return Case(
        When(less, then=NO_ID), default=Subquery(ids[:1], output_field=UUIDField())
    )


def _flag(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


EVERYTHING = Q(pk__isnull=False)
NOTHING = exceptions.NOTHING
NO_ID = Value(None, output_field=UUIDField())

# What decide() asks of one item, each a piece of the rule above.
ANSWERS = {
    "may_see": lambda model, reader: _flag(rule(model, reader)),
    "is_patient": lambda model, reader: _flag(_is_patient(reader)),
    "own_text": lambda model, reader: _flag(_own_text(model, reader)),
    "on_team": lambda model, reader: _flag(_on_team(reader)),
    "represents": lambda model, reader: _flag(_represents(model, reader)),
    "role_allows": lambda model, reader: _flag(_role_allows(reader)),
    "item_denied": lambda model, reader: _flag(_item_denied(reader)),
    "has_category": lambda model, reader: _flag(Q(categories__gt=0)),
    "relied_on": _relied_on,
    "excepted_by": _excepted_by,
    "denied_by": lambda model, reader: Subquery(_denies(reader).values("pk")[:1]),
}
