"""Addresses of the privacy officer."""

from django.urls import path

from consents.entrances import NO_CONTENT, Entrance
from consents.views import office, oversight, suspensions

BASE = "privacy/"

urlpatterns = [
    path(BASE, office.index, name="privacy"),
    path(f"{BASE}reports/", oversight.report_list, name="privacy_reports"),
    path(f"{BASE}reports/<uuid:report_id>/", oversight.report, name="privacy_report"),
    path(f"{BASE}refused/", oversight.refused, name="privacy_refused"),
    path(f"{BASE}suspensions/", suspensions.suspension_list, name="suspensions"),
    path(
        f"{BASE}suspensions/<uuid:disclosure_id>/new/",
        suspensions.suspend,
        name="suspend",
    ),
    path(
        f"{BASE}suspensions/<uuid:suspension_id>/end/",
        suspensions.end,
        name="suspension_end",
    ),
    path(f"{BASE}alarms/", oversight.alarm_list, name="privacy_alarms"),
    path(f"{BASE}alarms/<uuid:alarm_id>/", oversight.alarm, name="privacy_alarm"),
]

ENTRANCES = {
    f"consents:{pattern.name}": Entrance(NO_CONTENT) for pattern in urlpatterns
}
