"""The addresses of patients; one module a noun, each with its entrances."""

from consents import entrances
from patients.urls import (
    allergies,
    chart,
    children,
    emergency,
    guests,
    imports,
    invitations,
    medicines,
    monitoring,
    privacy,
    record,
    settings,
    summary,
    team,
)
from patients.urls.places import PLACES

app_name = "patients"
MODULES = (
    allergies,
    chart,
    children,
    emergency,
    guests,
    imports,
    invitations,
    medicines,
    monitoring,
    privacy,
    record,
    settings,
    summary,
    team,
)
urlpatterns = [pattern for module in MODULES for pattern in module.urlpatterns]
ENTRANCES = entrances.in_words(
    {name: line for module in MODULES for name, line in module.ENTRANCES.items()},
    PLACES,
    app=app_name,
)
