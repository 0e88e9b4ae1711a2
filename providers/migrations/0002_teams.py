import carecoord.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('patients', '0001_initial'),
        ('providers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RelatedPerson',
            fields=[
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='related_person', serialize=False, to='providers.party')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='related_persons', to='patients.patient')),
                ('relationship', models.CharField(choices=[('PRN', 'parent'), ('CHILD', 'child'), ('SIB', 'brother or sister'), ('DOMPART', 'partner'), ('SPS', 'husband or wife'), ('FRND', 'friend'), ('O', 'someone close')], max_length=10)),
                ('phone', carecoord.fields.EncryptedTextField(blank=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('relationship__in', ['PRN', 'CHILD', 'SIB', 'DOMPART', 'SPS', 'FRND', 'O'])), name='relationship_known')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='CareTeamParticipant',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='care_team', to='patients.patient')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='care_teams', to='providers.party')),
                ('role', models.CharField(choices=[('psychiatrist', 'Psychiatrist'), ('telepsychiatrist', 'Psychiatrist by video'), ('therapist', 'Therapist'), ('primary_care', 'Primary care'), ('care_coordinator', 'Care coordinator'), ('supervisor', 'Supervisor'), ('caregiver', 'Family or friend')], max_length=30)),
                ('owns', carecoord.fields.EncryptedTextField(blank=True)),
                ('started_at', models.DateTimeField()),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('end_reason', models.CharField(blank=True, choices=[('left', 'No longer on the care team'), ('ended_by_patient', 'Ended by the patient'), ('blocked', 'Blocked by the patient')], max_length=20)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['party', 'patient'], include=('role',), name='team_party_patient'), models.Index(fields=['patient'], name='team_patient')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('patient', 'party'), name='once_on_a_care_team'), models.CheckConstraint(condition=models.Q(('role__in', ['psychiatrist', 'telepsychiatrist', 'therapist', 'primary_care', 'care_coordinator', 'supervisor', 'caregiver'])), name='care_team_role_known'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('end_reason__in', ['left', 'ended_by_patient', 'blocked'])), _connector='OR'), name='care_team_ended_at_and_by'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='care_team_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='PatientUserObjectPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='patients.patient')),
            ],
            options={
                'unique_together': {('user', 'permission', 'content_object')},
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
    ]
