"""The whole site on one screen; each app's list is headed by its prefix."""

from django.conf import settings
from django.urls import include, path

from carecoord import views

urlpatterns = [
    path("", views.home, name="home"),
    path("crisis/", views.crisis, name="crisis"),
    path("healthz", views.healthz, name="healthz"),
    path("healthz/", views.healthz),
    path("readyz", views.readyz, name="readyz"),
    path("readyz/", views.readyz),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("session/extend/", views.session_extend, name="session_extend"),
    path("accounts/", include("allauth.urls")),
    path("", include("patients.urls")),
    path("", include("consents.urls")),
    path("", include("messaging.urls")),
    path("", include("providers.urls")),
]

if settings.DEBUG:
    from carecoord import gallery

    urlpatterns.append(path("gallery/", gallery.gallery, name="gallery"))

handler404 = "carecoord.views.not_found"
