"""One settings file. Every value comes from the environment (docs/operations.md).

Embedded default: nothing is set, SQLite and a filesystem queue live in the data
folder. Production: DATABASE_URL is set, and then secrets are required.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from carecoord import embedded_queue, jurisdiction, logs
from carecoord import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("CARECOORD_DATA_DIR", BASE_DIR / "data")
DATABASE_URL = env.text("DATABASE_URL")

# EMBEDDED is one machine, one folder. DEMO is EMBEDDED plus the marker that
# `manage.py demo_data` writes; production can never be in demo mode.
EMBEDDED = not DATABASE_URL
DEMO_MARKER = DATA_DIR / "demo"
DEMO = EMBEDDED and DEMO_MARKER.exists()
DEBUG = EMBEDDED and env.text("CARECOORD_DEBUG") == "1"

SECRET_KEY = env.kept_secret(
    "SECRET_KEY",
    path=DATA_DIR / "secret_key",
    embedded=EMBEDDED,
    make=env.secret_key,
)
# Newest key first; older ones still decrypt.
FIELD_ENCRYPTION_KEYS = env.kept_secret(
    "FIELD_ENCRYPTION_KEYS",
    path=DATA_DIR / "field_encryption_keys",
    embedded=EMBEDDED,
    make=env.field_key,
).split(",")
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver" if EMBEDDED else ""
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the host of this service.")
PORT = env.number("PORT", 8000)
# Behind TLS in production; the embedded default speaks plain HTTP on loopback.
SECURE = not EMBEDDED and env.text("CARECOORD_INSECURE_HTTP") != "1"
SITE_URL = env.text("SITE_URL") or (
    f"http://localhost:{PORT}" if EMBEDDED else f"https://{ALLOWED_HOSTS[0]}"
)
CSRF_TRUSTED_ORIGINS = [] if EMBEDDED else [SITE_URL]

INSTALLED_APPS = [
    "carecoord",
    "providers",
    "consents",
    "patients",
    "messaging",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_structlog",
    "guardian",
    "simple_history",
    "template_partials",
]

MIDDLEWARE = [
    "carecoord.frames.with_room",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "carecoord.middleware.SecurityHeaders",
    "csp.middleware.CSPMiddleware",
    "carecoord.middleware.KnownMethods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "carecoord.middleware.SessionLimits",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "carecoord.middleware.WayOut",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "carecoord.middleware.SecondFactorRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "carecoord.middleware.RequestLog",
    "simple_history.middleware.HistoryRequestMiddleware",
    "carecoord.zones.ReaderZone",
    # Innermost: one transaction around each clinical page (DESIGN 2, Mechanics).
    "carecoord.middleware.ClinicalTransaction",
]

ROOT_URLCONF = "carecoord.urls"
WSGI_APPLICATION = "carecoord.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "carecoord.context_processors.shell",
            ],
        },
    },
]
FORM_RENDERER = "carecoord.forms.FieldRenderer"

# Databases ------------------------------------------------------------------
DATABASES = {
    "default": env.database(DATABASE_URL, sqlite_path=DATA_DIR / "carecoord.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHE_URL = env.text("CACHE_URL")
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_URL,
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
        if CACHE_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# People and sign-in ---------------------------------------------------------
AUTH_USER_MODEL = "carecoord.User"
AUTHENTICATION_BACKENDS = [
    # First, and it raises PermissionDenied for clinical labels: nothing after it
    # can say yes to a clinical permission.
    "consents.backends.ConsentBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: no anonymous user row
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": (
            "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
        )
    },
    {"NAME": "carecoord.passwords.KnownWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "carecoord.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "carecoord.forms.SignupForm"
ACCOUNT_FORMS = {
    "add_email": "patients.forms.accounts.AddEmailForm",
    "change_password": "patients.forms.accounts.ChangePasswordForm",
    "reset_password": "patients.forms.accounts.ResetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional" if DEMO else "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
# No "remember me": sessions end after 30 idle minutes for everyone.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an address or a factor changes
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Beside the limits that it has itself: how often the privacy officer looks for somebody
# by name and birth date (consents/views/acting_office.py).
ACCOUNT_RATE_LIMITS = {"find_patient": "30/h/user"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0 if EMBEDDED else 1)
MFA_ADAPTER = "carecoord.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Shared care"

# Sessions: 30 minutes idle, 12 hours at most ---------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "carecoord.errors.csrf_failure"
if SECURE:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^healthz/$", r"^readyz/$"]
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # data: is the QR code of the two-step sign-in page.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# Words, zones, files ---------------------------------------------------------
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if EMBEDDED
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = EMBEDDED
SERVICE_NAME = "Shared care"
# A page that takes longer to lay out is given up, and the log says not delivered.
PRINT_SECONDS = 5
# The ends of the disclosure log, noted outside the database (docs/operations.md).
ANCHOR_FILE = env.text("CARECOORD_ANCHOR_FILE") or str(DATA_DIR / "disclosures.anchor")
# Who runs it, which law, whom to call: checked here, shown on every page.
# What medicines ask to be measured, and when: two files that may be edited.
MONITORING_FOLDER = env.text("CARECOORD_MONITORING_FOLDER") or str(
    BASE_DIR / "patients" / "monitoring" / "data"
)
JURISDICTION = jurisdiction.from_environment(embedded=EMBEDDED)
OPERATOR, CRISIS = JURISDICTION.operator, JURISDICTION.crisis

# Mail: every message becomes an outbox row; only workers speak SMTP -----------
EMAIL_BACKEND = "carecoord.mail.OutboxBackend"
_mail = env.email(env.text("EMAIL_URL"), folder=DATA_DIR / "mail")
globals().update(_mail)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Shared care <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Logs: ids only ---------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_secrets": {"()": "carecoord.logs.NoSecrets"}},
    "formatters": {"one_line": {"()": "carecoord.logs.OneLine"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["no_secrets"],
            "formatter": "one_line",
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS = [
    # guardian's backend must not be installed: consents.backends decides.
    "guardian.W001",
    # Covering indexes are for PostgreSQL; SQLite keeps the plain index.
    "models.W040",
]

logs.one_line_each()

# Celery (carecoord/celery.py reads the names that start with CELERY_) ----------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL") or "filesystem://"
QUEUE_FOLDER = DATA_DIR / "queue"
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = embedded_queue.transport_options(QUEUE_FOLDER)
    # Remote control would leave a file per worker and per question in the folder.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # A broker that accepts and never answers may cost seconds, not minutes.
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "max_retries": 0,
        # Seconds until an unacknowledged task is given to another worker. Longer
        # than any task may take, or it would run twice.
        "visibility_timeout": 3600,
        "unacked_restore_throttle": 1,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Seconds. The thread pool of the embedded worker can't enforce them: tasks bound
# their own waits (EMAIL_TIMEOUT, database timeouts).
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
# Kept in memory: no schedule file that a crash could damage or two copies share.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "deliver what is due": {
        "task": "messaging.tasks.sweep",
        "schedule": 2.0,
        # A sweep nobody took in time is worthless: the next one does its work.
        "options": {"expires": 10},
    },
    "note the ends of the log": {
        "task": "consents.tasks.anchor_log",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
}
