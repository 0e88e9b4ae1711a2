"""The product's settings, away from the data folder of whoever runs the tests.

Nothing here changes what the product decides. The engine is SQLite, or what
DATABASE_URL names (tests/services.py starts a private one).
"""

import atexit
import os
import shutil
import tempfile

for _name in ("CELERY_BROKER_URL", "CACHE_URL", "EMAIL_URL", "SITE_URL", "PORT"):
    os.environ.pop(_name, None)

# A folder for each process: a demo marker, keys or mails in data/ must not matter.
_folder = tempfile.mkdtemp(prefix="carecoord-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["CARECOORD_DATA_DIR"] = _folder
os.mkdir(os.path.join(_folder, "static"))

if os.environ.get("DATABASE_URL"):
    # What production must be told.
    os.environ["SECRET_KEY"] = "a key for tests only, of no use anywhere else"
    os.environ["FIELD_ENCRYPTION_KEYS"] = "dGVzdHMgb25seSwgb2Ygbm8gdXNlIGFueXdoZXJlISE="
    os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
    os.environ["CARECOORD_INSECURE_HTTP"] = "1"
    os.environ["OPERATOR_NAME"] = "Example Care"
    os.environ["OPERATOR_CONTACT"] = "help@care.example"
    os.environ["OPERATOR_NAME"] = "Tests"
    os.environ["OPERATOR_CONTACT"] = "tests@care.example"

from carecoord import settings as _product  # noqa: E402

globals().update({name: x for name, x in vars(_product).items() if name.isupper()})

# Sign-in happens in almost every test; argon2 is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages are tested without `collectstatic`; tests/carecoord/test_compose.py runs it.
STORAGES = {
    **_product.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# Found when asked for: else every new client would look through all of them.
WHITENOISE_AUTOREFRESH = True
# A busy machine must not fail a test of content.
PRINT_SECONDS = 60
DATABASES = _product.DATABASES
if _product.EMBEDDED:
    # No time is spent on the disk for a database that is thrown away.
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace(
        "synchronous=NORMAL", "synchronous=OFF"
    )
