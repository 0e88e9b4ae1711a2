"""The request as a view behind the sign-in gets it.

Django's own class says that `user` may be nobody, and knows of no `reading`. Both are
settled before such a view runs: LoginRequiredMiddleware turns strangers away, and
ClinicalTransaction (carecoord/middleware.py) sets the reading. Django still makes its
own class; only a page as somebody else gets it (consents/views/looking.py) makes one
of these. A view that anybody may open says HttpRequest.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.http import HttpRequest

from carecoord.models import User
from consents.access.reading import Reading


class Request(HttpRequest):
    user: User
    reading: Reading
    # Only where somebody else's transaction decides (carecoord/transactions.py).
    deciding: Callable[[], AbstractContextManager[None]]
