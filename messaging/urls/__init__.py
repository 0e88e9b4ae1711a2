"""The addresses of messaging; one module a noun, each with its entrances."""

from messaging.urls import (
    notices,
    updates,
    worklist,
)

app_name = "messaging"
MODULES = (notices, updates, worklist)
urlpatterns = [pattern for module in MODULES for pattern in module.urlpatterns]
ENTRANCES = {
    name: line for module in MODULES for name, line in module.ENTRANCES.items()
}
