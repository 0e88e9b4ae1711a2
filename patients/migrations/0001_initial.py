import carecoord.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('providers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Patient',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='patient', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=200)),
                ('goes_by', models.CharField(blank=True, max_length=100)),
                ('pronouns', models.CharField(blank=True, max_length=40)),
                ('birth_date', models.DateField(blank=True, null=True)),
                ('phone', carecoord.fields.EncryptedTextField(blank=True)),
                ('language', models.CharField(default='English', max_length=40)),
                ('time_zone', models.CharField(default='America/New_York', max_length=64)),
                ('list_owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.party')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'permissions': [('on_care_team', "Is on this patient's care team")],
                'indexes': [],
                'constraints': [],
            },
        ),
    ]
