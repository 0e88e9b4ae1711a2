"""The addresses of patients; one module a noun, each with its entrances."""

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
ENTRANCES = {
    name: line for module in MODULES for name, line in module.ENTRANCES.items()
}
