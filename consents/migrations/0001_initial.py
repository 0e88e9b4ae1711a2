import carecoord.fields
import consents.models.consent
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('providers', '0002_teams'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsentGate',
            fields=[
                ('patient', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='consent_gate', serialize=False, to='patients.patient')),
                ('epoch', models.BigIntegerField(default=1)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(default=consents.models.consent.receipt_number, max_length=14, unique=True)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='patients.patient')),
                ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='providers.party')),
                ('decision', models.CharField(choices=[('permit', 'Permit'), ('deny', 'Deny'), ('refusal', 'Refused')], max_length=10)),
                ('any_discloser', models.BooleanField(default=True)),
                ('categories', models.PositiveIntegerField()),
                ('labels', models.PositiveIntegerField(default=0)),
                ('purposes', models.PositiveIntegerField()),
                ('items_from', models.DateTimeField(blank=True, null=True)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('ends_event', models.CharField(blank=True, max_length=200)),
                ('may_redisclose', models.BooleanField(default=False)),
                ('text_version', models.CharField(max_length=40)),
                ('text', carecoord.fields.EncryptedTextField()),
                ('signed_name', carecoord.fields.EncryptedTextField()),
                ('signed_at', models.DateTimeField()),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_how', models.CharField(max_length=100)),
                ('authority', models.CharField(default='self', max_length=100)),
                ('epoch', models.BigIntegerField()),
                ('supersedes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='consents.consent')),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_how', models.CharField(blank=True, choices=[('stopped', 'Stopped by you'), ('superseded', 'Replaced by a newer version')], max_length=20)),
                ('revoked_why', carecoord.fields.EncryptedTextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('revoked_at', None)), fields=['recipient', 'patient'], include=('decision', 'categories', 'labels', 'purposes', 'starts_at', 'ends_at', 'items_from', 'any_discloser'), name='consent_recipient_patient'), models.Index(fields=['patient'], name='consent_patient')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decision__in', ['permit', 'deny', 'refusal'])), name='consent_decision'), models.CheckConstraint(condition=models.Q(('categories__gt', 0), ('categories__lte', 8191)), name='consent_categories'), models.CheckConstraint(condition=models.Q(('labels__gte', 0), ('labels__lte', 31)), name='consent_labels'), models.CheckConstraint(condition=models.Q(('purposes__gt', 0), ('purposes__lte', 31)), name='consent_purposes'), models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='consent_period'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None), ('revoked_how', '')), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False), ('revoked_how__in', ['stopped', 'superseded'])), _connector='OR'), name='consent_revoked_all_or_none')],
            },
        ),
        migrations.CreateModel(
            name='ConsentDiscloser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosers', to='consents.consent')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.party')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('consent', 'party'), name='discloser_once_in_a_consent')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='ItemDeny',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='item_denies', to='patients.patient')),
                ('lineage', models.UUIDField(db_index=True)),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.party')),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='item_deny_lifted_at_and_by'), models.UniqueConstraint(condition=models.Q(('lifted_at', None), ('party__isnull', False)), fields=('lineage', 'party'), name='one_item_deny_for_a_person'), models.UniqueConstraint(condition=models.Q(('lifted_at', None), ('party', None)), fields=('lineage',), name='one_only_me_on_an_item')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='ConsentRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_requests', to='patients.patient')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.party')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.party')),
                ('asked_at', models.DateTimeField()),
                ('categories', models.PositiveIntegerField()),
                ('labels', models.PositiveIntegerField(default=0)),
                ('purposes', models.PositiveIntegerField()),
                ('reason', carecoord.fields.EncryptedTextField(blank=True)),
                ('held_item', models.UUIDField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consents.consent')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='consent_request_answered_at_and_by'), models.CheckConstraint(condition=models.Q(('categories__gt', 0), ('categories__lte', 8191)), name='consent_request_categories')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='DisclosureHead',
            fields=[
                ('patient', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='disclosure_head', serialize=False, to='patients.patient')),
                ('seq', models.BigIntegerField(default=0)),
                ('hash', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='patients.patient')),
                ('seq', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.party')),
                ('relation', models.CharField(choices=[('patient', 'the patient'), ('clinician', 'a clinician on the care team'), ('family', 'family or a friend')], max_length=20)),
                ('purpose', models.CharField(max_length=10)),
                ('channel', models.CharField(choices=[('web', 'on screen'), ('pdf', 'downloaded'), ('export', 'copied as text'), ('notice', 'notice')], max_length=10)),
                ('entrance', models.CharField(max_length=60)),
                ('basis', models.CharField(choices=[('patient', 'your own'), ('consent', 'your permission'), ('own_text', 'their own text')], max_length=20)),
                ('consents', models.JSONField(default=list)),
                ('items', models.JSONField(default=list)),
                ('categories', models.PositiveIntegerField(default=0)),
                ('epoch', models.BigIntegerField()),
                ('outcome', models.CharField(choices=[('shown', 'Shown'), ('not_delivered', 'Not delivered')], default='shown', max_length=20)),
                ('about', models.UUIDField(blank=True, null=True)),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['patient', '-at'], name='disclosure_patient_at'), models.Index(fields=['user', 'patient'], name='disclosure_user_patient')],
                'constraints': [models.UniqueConstraint(fields=('patient', 'seq'), name='disclosure_seq_once')],
            },
        ),
        migrations.CreateModel(
            name='AccessRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('patient_id', models.UUIDField(db_index=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('entrance', models.CharField(max_length=60)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('voice_code_hash', models.CharField(blank=True, max_length=64)),
                ('voice_attempts', models.PositiveSmallIntegerField(default=0)),
                ('patient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='patients.patient')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('to_name', carecoord.fields.EncryptedTextField()),
                ('to_address', carecoord.fields.EncryptedTextField()),
                ('message', carecoord.fields.EncryptedTextField(blank=True)),
                ('role', models.CharField(blank=True, choices=[('psychiatrist', 'Psychiatrist'), ('telepsychiatrist', 'Psychiatrist by video'), ('therapist', 'Therapist'), ('primary_care', 'Primary care'), ('care_coordinator', 'Care coordinator'), ('supervisor', 'Supervisor'), ('caregiver', 'Family or friend')], max_length=30)),
                ('categories', models.PositiveIntegerField(default=0)),
                ('labels', models.PositiveIntegerField(default=0)),
                ('purposes', models.PositiveIntegerField(default=0)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('not_me_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('accepted_by', None)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='invitation_accepted_at_and_by'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='invitation_confirmed_at_and_by'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at', None), ('cancelled_by', None)), models.Q(('cancelled_at__isnull', False), ('cancelled_by__isnull', False)), _connector='OR'), name='invitation_cancelled_at_and_by'), models.CheckConstraint(condition=models.Q(('confirmed_at', None), ('accepted_at__isnull', False), _connector='OR'), name='invitation_accepted_before_confirmed'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('sent_at'))), name='invitation_expires_after_sent')],
                'indexes': [],
            },
        ),
    ]
