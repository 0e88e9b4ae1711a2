"""The addresses of consents; one module a noun, each with its entrances."""

from consents import entrances
from consents.urls import (
    accounting,
    cases,
    codes,
    emergency,
    imported,
    log,
    office,
    reports,
    representatives,
    requests,
    sharing,
    still,
    talking,
)
from consents.urls.places import PLACES

app_name = "consents"
MODULES = (
    accounting,
    cases,
    codes,
    emergency,
    imported,
    log,
    office,
    reports,
    representatives,
    requests,
    sharing,
    still,
    talking,
)
urlpatterns = [pattern for module in MODULES for pattern in module.urlpatterns]
ENTRANCES = entrances.in_words(
    {name: line for module in MODULES for name, line in module.ENTRANCES.items()},
    PLACES,
    app=app_name,
)
