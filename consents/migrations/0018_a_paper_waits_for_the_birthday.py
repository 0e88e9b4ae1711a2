"""A parent can hold a paper that begins when the parent's right ends by itself.

Two rows by state, of which one is in force at any instant. One as a parent, and one by
another right: no more of either.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consents', '0017_what_the_privacy_officer_reads'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='representative',
            name='represents_a_patient_once',
        ),
        migrations.AddConstraint(
            model_name='representative',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), models.Q(('kind', 'parent'), _negated=True)), fields=('patient', 'party'), name='represents_a_patient_once'),
        ),
        migrations.AddConstraint(
            model_name='representative',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('kind', 'parent')), fields=('patient', 'party'), name='represents_a_child_once'),
        ),
    ]
