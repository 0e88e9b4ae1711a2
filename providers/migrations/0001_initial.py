import carecoord.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('carecoord', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('practitioner', 'Clinician'), ('organization', 'Organization'), ('related_person', 'Family or friend')], max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parties', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'parties',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['practitioner', 'organization', 'related_person'])), name='party_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'organization'), _negated=True), ('user', None), _connector='OR'), name='organization_has_no_sign_in'), models.UniqueConstraint(condition=models.Q(('kind', 'practitioner')), fields=('user',), name='one_practitioner_for_a_user')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='organization', serialize=False, to='providers.party')),
                ('phone', carecoord.fields.EncryptedTextField(blank=True)),
                ('address', carecoord.fields.EncryptedTextField(blank=True)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Practitioner',
            fields=[
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='practitioner', serialize=False, to='providers.party')),
                ('profession', models.CharField(choices=[('psychiatrist', 'psychiatrist'), ('therapist', 'therapist'), ('primary_care', 'primary care'), ('nurse_practitioner', 'nurse practitioner'), ('coordinator', 'care coordinator'), ('supervisor', 'supervisor'), ('other', 'other clinician')], max_length=30)),
                ('credentials', models.CharField(blank=True, max_length=40)),
                ('licence_state', models.CharField(blank=True, max_length=40)),
                ('licence_number', carecoord.fields.EncryptedTextField(blank=True)),
                ('npi', models.CharField(blank=True, max_length=10)),
                ('licence_checked_at', models.DateTimeField(blank=True, null=True)),
                ('licence_checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('phone', carecoord.fields.EncryptedTextField(blank=True)),
                ('after_hours_phone', carecoord.fields.EncryptedTextField(blank=True)),
                ('best_way', carecoord.fields.EncryptedTextField(blank=True)),
                ('reply_time', models.CharField(blank=True, max_length=100)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('profession__in', ['psychiatrist', 'therapist', 'primary_care', 'nurse_practitioner', 'coordinator', 'supervisor', 'other'])), name='profession_known'), models.CheckConstraint(condition=models.Q(models.Q(('licence_checked_at', None), ('licence_checked_by', None)), models.Q(('licence_checked_at__isnull', False), ('licence_checked_by__isnull', False)), _connector='OR'), name='licence_checked_at_and_by')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='PractitionerRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='providers.practitioner')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='providers.organization')),
                ('started_at', models.DateTimeField()),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('practitioner', 'organization'), name='one_role_now_at_an_organization'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='role_ended_at_and_by')],
                'indexes': [],
            },
        ),
    ]
