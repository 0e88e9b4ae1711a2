"""The codes of the starter list against RxNorm's own file, once that was read in."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from patients.medicine_knowledge import all_medicines, find
from patients.models import ListedMedicine, ListSource


def doubts() -> Iterator[str]:
    """A sentence for each code that RxNorm gives to something else.

    A code that the file lacks is no doubt: the *Prescribable Content* has only what is
    sold in the US today.
    """
    named = dict(
        ListedMedicine.objects.filter(
            source=ListSource.RXNORM,
            rxcui__in=[one.rxcui for one in all_medicines() if one.rxcui],
        ).values_list("rxcui", "full_name")
    )
    for one in all_medicines():
        listed = named.get(one.rxcui or "")
        if listed and find(listed) is not one:
            yield _(
                "{code} is {listed} in RxNorm, and {name} in the starter list."
            ).format(code=one.rxcui, listed=listed, name=one.name)
