from django.db import migrations
from django.db.models import Exists, F, OuterRef, Subquery


def mark(apps, schema_editor):
    """What was passed on before the column was there is known by its first hand.

    An author's row was written by who wrote the update. A correction went on to
    whoever had it from somebody else, and whom its author chose is not known any more:
    so that stays as it was in the version before.
    """
    rows = apps.get_model("messaging", "UpdateRecipient").objects
    versions = apps.get_model("messaging", "HistoricalUpdateRecipient").objects
    first = versions.filter(id=OuterRef("pk")).order_by("history_date", "history_id")
    by_others = (
        rows.annotate(hand=Subquery(first.values("history_user_id")[:1]))
        .exclude(hand=None)
        .exclude(hand=F("update__recorded_by_id"))
    )
    new = list(by_others.values_list("pk", flat=True))
    while new:
        rows.filter(pk__in=new).update(passed_on=True)
        before = rows.filter(
            update_id=OuterRef("update__corrects_id"),
            party_id=OuterRef("party_id"),
            passed_on=True,
        )
        again = rows.filter(Exists(before), passed_on=False)
        new = list(again.values_list("pk", flat=True))


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0013_an_update_that_was_passed_on'),
    ]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
