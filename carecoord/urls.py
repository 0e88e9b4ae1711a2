"""The whole site on one screen; each app's list is headed by its prefix."""

from django.conf import settings
from django.urls import include, path

import consents.urls
import messaging.urls
import patients.urls
from carecoord import leaving, views
from consents import entrances
from consents.views import help as help_pages
from consents.views import limits
from patients.views import welcome

urlpatterns = [
    path("", views.home, name="home"),
    path("crisis/", views.crisis, name="crisis"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz", views.healthz, name="healthz"),
    path("healthz/", views.healthz),
    path("readyz", views.readyz, name="readyz"),
    path("readyz/", views.readyz),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("leave/", leaving.leave, name="leave"),
    path("session/extend/", views.session_extend, name="session_extend"),
    path("session/here/", views.session_here, name="session_here"),
    path("help/", help_pages.get_help, name="help"),
    path("help/who-sees-what/", help_pages.who_sees_what, name="help_roles"),
    path("limits/", limits.limits, name="limits"),
    path("accounts/signup/", welcome.sign_up, name="account_signup"),
    path("accounts/signup/team/", welcome.sign_up_team, name="account_signup_team"),
    path("accounts/", include("allauth.urls")),
    path("", include("patients.urls")),
    path("", include("consents.urls")),
    path("", include("messaging.urls")),
]

if settings.EMBEDDED:
    from carecoord import inbox

    urlpatterns.append(path("dev/inbox/", inbox.inbox, name="dev_inbox"))

if settings.DEBUG:
    from carecoord import gallery

    urlpatterns.append(path("gallery/", gallery.gallery, name="gallery"))

for urls in (consents.urls, messaging.urls, patients.urls):
    entrances.register(urls.ENTRANCES)

handler404 = "carecoord.views.not_found"
