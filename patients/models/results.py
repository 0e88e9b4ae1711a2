"""Results of tests: done here or elsewhere, entered by the patient or a clinician."""

from django.db import models
from simple_history.models import HistoricalRecords

from carecoord.fields import EncryptedTextField
from consents.disclosable import Disclosable
from providers.models import Party


class TestResult(Disclosable):
    """One result, as the report says it: the number never without its unit.

    `test` is a key of patients/monitoring/data/tests.toml; empty for another test,
    which then has a `name`. A result that tells of a medicine carries the lineage and
    the labels of that medicine, so that whoever may not see the one sees neither.
    The range is the one on the report; the service has none of its own.
    """

    __test__ = False  # not a case of the test suite
    DATED = True
    AUTHOR_KEEPS = True

    test = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=100, blank=True)
    value = models.CharField(max_length=30, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    words = EncryptedTextField(blank=True)
    usual = models.CharField(max_length=40, blank=True)
    done_date = models.DateField()
    ordered_by = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    # Why it is the patient's alone: lineages of what it names, and its own id where the
    # patient said so of the result itself. Empty where nothing but their word does.
    kept_for = models.JSONField(default=list, blank=True)
    # What it is marked with because of a line it names, and by no word about itself:
    # by lineage, the topics and whether it comes from a program.
    marked_for = models.JSONField(default=dict, blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"result {self.pk}"


class TestOwner(Disclosable):
    """Who looks after one test; the newest row stands, and none brings the default.

    Shown only beside a test that a medicine asks for which the reader sees, so that it
    tells of no other medicine.
    """

    __test__ = False  # not a case of the test suite

    test = models.CharField(max_length=40)
    owner = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"owner of a test {self.pk}"
