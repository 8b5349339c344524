"""Settings of the site. What differs between machines comes from the environment.

With HORETSU_LOCAL=1 (script/server, script/test) the site runs on one machine over
plain http; without it, every production safeguard is on.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from horetsu_site import env, logs

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(env.text("HORETSU_HOME") or BASE_DIR / "var")

LOCAL = env.flag("HORETSU_LOCAL")
if not LOCAL:
    # Whatever would let the site start and only later fail, or write links that lead nowhere.
    env.require(
        *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MAIL_DOMAIN"),
        *("SECRET_KEY", "SUPPRESSION_KEY", "ALLOWED_HOSTS", "BASE_URL"),
    )
DEBUG = False
BASE_URL = env.text("BASE_URL", f"http://127.0.0.1:{env.text('PORT', '8000')}").rstrip("/")
if not LOCAL and not BASE_URL.startswith("https://"):
    raise ImproperlyConfigured(f"BASE_URL must be an https:// address, not {BASE_URL!r}")
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set; script/server makes one for this machine")
# Turns suppressed addresses into HMACs. Apart from SECRET_KEY, which may be rotated: with
# this one changed, nobody who said stop would be recognised any more.
SUPPRESSION_KEY = env.text("SUPPRESSION_KEY", SECRET_KEY)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if LOCAL else "")

# -- what the house is made of ---------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_scopes",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "horetsu_site",
    "crm",
    "surveys",
    "diagnosis",
]
ROOT_URLCONF = "horetsu_site.urls"
WSGI_APPLICATION = "horetsu_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "crm.User"

MIDDLEWARE = [
    "horetsu_site.logs.Journal",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "horetsu_site.middleware.SafetyHeaders",
    "horetsu_site.middleware.Language",
    "horetsu_site.middleware.ReadableRequests",  # after it, to refuse in the reader's language
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "horetsu_site.middleware.OwnLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "crm.shops.accounts.sessions.SessionLimits",
    "horetsu_site.middleware.SignedInUnlessOpen",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Innermost, so that the whole view and its template are inside the shop's transaction.
    "crm.tenancy.middleware.TenantMiddleware",
]

# Where somebody may go without having signed in, by the first word of the path; anywhere else
# they are asked to. Customers' links and the API have doors of their own, below.
OPEN_DOORS = {
    *("", "login", "logout", "signup", "password", "inactive", "join"),
    *("a", "u", "d", "api"),
    *("healthz", "readyz", "mailbox", "style"),
}

# Who may open the door to a shop, by the first word of the path: each takes the request
# and returns the shop's id, None for a page of no shop, or raises Http404 for a stranger.
TENANT_DOORS = {
    "shops": "crm.shops.doors.by_membership",
    "api": "crm.shops.doors.by_api_key",
    "a": "surveys.doors.by_answer_token",
    "d": "diagnosis.doors.by_quiz",
    "u": "crm.mail.doors.by_unsubscribe_token",
    "join": "crm.shops.people.doors.by_join_token",
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
        },
    }
]

# -- PostgreSQL: two roles on one database -------------------------------------------
# `default` is the app role, which row-level security binds; `owner` migrates and nothing else.

DATABASES = {"default": env.database("DATABASE_URL")}
if env.text("DATABASE_OWNER_URL"):
    DATABASES["owner"] = env.database("DATABASE_OWNER_URL")
for _database in DATABASES.values():
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"].setdefault("connect_timeout", 3)
DATABASES["default"]["CONN_MAX_AGE"] = 600
# Only what asks for it is prepared (surveys/opening.py); its plan is made once.
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 0
# A forgotten transaction would stop vacuum and bloat the work table; a web page never
# needs five seconds in one statement. Workers are given more time in env.
DATABASES["default"]["OPTIONS"]["options"] = (
    f"-c statement_timeout={env.text('STATEMENT_TIMEOUT', '5s')}"
    " -c idle_in_transaction_session_timeout=30s -c lock_timeout=5s"
    " -c plan_cache_mode=force_generic_plan"
)

# -- Redis: the doorbell and the cache; nothing that must not be lost ------------------

_broker, _cache = env.redis_urls("REDIS_URL")
CACHES = {"default": {"BACKEND": "horetsu_site.cache.SteadyCache", "LOCATION": _cache}}

CELERY_BROKER_URL = _broker
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# A page must not wait for a broker that is away: half a second once, then the breaker in
# crm/work/bell.py is open. A worker listens on the same settings, so it needs the longer
# socket timeout that its blocking read takes; its environment says so.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": float(env.text("BROKER_SOCKET_TIMEOUT", "1")),
    "retry_on_timeout": False,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "visibility_timeout": 3600,
}
CELERY_TASK_PUBLISH_RETRY = False
# Ticks have a queue of their own, of which a worker takes in turn with the other: a flood of
# work brings a flood of messages, behind which the heart would stand still.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("tick")]
CELERY_TASK_ROUTES = {"crm.work.tick": {"queue": "tick"}}
CELERY_BEAT_SCHEDULE = {"tick": {"task": "crm.work.tick", "schedule": 15.0}}

# -- mail ---------------------------------------------------------------------------

EMAIL_URL = env.text("EMAIL_URL")
MAIL_DOMAIN = env.text("MAIL_DOMAIN", "localhost")
# Mail to those who work here waits in a table of its own (crm/mail/account_mail.py).
EMAIL_BACKEND = "crm.mail.account_mail.TableBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"horetsu@{MAIL_DOMAIN}")
MAILBOX = HOME / "mailbox"  # where local mode keeps the mail it sent

# -- languages and time ----------------------------------------------------------------

USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]

# The public quiz that the front page leads to, by its address; without one, it says nothing of it.
LANDING_QUIZ = env.text("LANDING_QUIZ", "stage")

# -- static files ----------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT") or HOME / "static")
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "horetsu_site.vendor.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Compressing takes half a minute: a production image does it, the local start does not.
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = not LOCAL
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has use for our files

# -- people and safety -------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Memory-hard, and without a library of its own; what was hashed before is hashed anew at login.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "crm.shops.accounts.passwords.MaximumLengthValidator"},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

# Accounts (django-allauth). By address alone; codes instead of links, because mail scanners
# open links; nothing said or sent tells a stranger which addresses have an account.
ACCOUNT_ADAPTER = "crm.shops.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
# The way in for whom somebody else's guessing has locked out for five minutes.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if LOCAL else "https"
# The rightmost address that our own proxies wrote; whatever stands left of it anybody can write.
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.text("TRUSTED_PROXIES", "0" if LOCAL else "1"))
_FORMS = "crm.shops.accounts.forms"
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.LoginForm",
    "signup": f"{_FORMS}.SignupForm",
    "add_email": f"{_FORMS}.AddEmailForm",
    "change_password": f"{_FORMS}.ChangePasswordForm",
    "set_password": f"{_FORMS}.SetPasswordForm",
    "reset_password": f"{_FORMS}.ResetPasswordForm",
    "reset_password_from_key": f"{_FORMS}.ResetPasswordKeyForm",
    "reauthenticate": f"{_FORMS}.ReauthenticateForm",
    "request_login_code": f"{_FORMS}.RequestLoginCodeForm",
    "confirm_login_code": f"{_FORMS}.ConfirmLoginCodeForm",
    "confirm_email_verification_code": f"{_FORMS}.ConfirmEmailCodeForm",
    "confirm_password_reset_code": f"{_FORMS}.ConfirmResetCodeForm",
}
MFA_FORMS = {
    "authenticate": f"{_FORMS}.SecondStepForm",
    "reauthenticate": f"{_FORMS}.SecondStepAgainForm",
    "activate_totp": f"{_FORMS}.SetUpAppForm",
    "add_webauthn": f"{_FORMS}.AddPasskeyForm",
    "login_webauthn": f"{_FORMS}.PasskeySignInForm",
    "authenticate_webauthn": f"{_FORMS}.PasskeyStepForm",
    "reauthenticate_webauthn": f"{_FORMS}.PasskeyStepAgainForm",
}
MFA_ADAPTER = "crm.shops.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "惚れ通 Horetsu"
MFA_TOTP_TOLERANCE = 1  # a step of half a minute, for clocks that are not quite right
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
USERSESSIONS_TRACK_ACTIVITY = True  # shown; crm.shops.accounts.sessions does the tracking

# One comment is at most 5,000 characters; no form of ours is larger than this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

SECURE_CONTENT_TYPE_NOSNIFF = True
# With `no-referrer` browsers send `Origin: null`, which Django's CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True  # forms bear the token; no script of ours reads the cookie
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no third cookie
SESSION_COOKIE_AGE = 7 * 24 * 3600
if not LOCAL:
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
    # A machine is told, not led on: its key was sent in the open. Probes come without https.
    SECURE_REDIRECT_EXEMPT = [r"^api/", r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_NAME = "__Host-session"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_COOKIE_SECURE = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["crm.shops.machines.bodies.StrictJson"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "crm.shops.machines.errors.as_problem",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Horetsu",
    "DESCRIPTION": "Customers, purchases and what passes between a shop and its customers. "
    "See docs/api.md for a first call.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": BASE_URL}],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "PurchaseStatus": "crm.customers.enums.PurchaseStatus",
        "TouchpointKind": "crm.ledger.enums.Kind",
        "SuggestionState": "crm.followups.enums.SuggestionState",
        "ComplaintState": "crm.complaints.enums.ComplaintState",
        "SurveyKind": "surveys.enums.SurveyKind",
        "Stage": "crm.stages.api.STAGES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "crm.shops.machines.schema.close_bodies",
    ],
}

LOGGING = logs.config(as_json=not LOCAL)
