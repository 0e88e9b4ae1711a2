"""The addresses of messaging; one module a noun, each with its entrances."""

from consents import entrances
from messaging.urls import (
    notices,
    updates,
    worklist,
)
from messaging.urls.places import PLACES

app_name = "messaging"
MODULES = (notices, updates, worklist)
urlpatterns = [pattern for module in MODULES for pattern in module.urlpatterns]
ENTRANCES = entrances.in_words(
    {name: line for module in MODULES for name, line in module.ENTRANCES.items()},
    PLACES,
    app=app_name,
)
