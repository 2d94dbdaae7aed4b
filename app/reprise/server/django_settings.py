"""What Django asks of a project. What makes pages is named by page_settings.py."""

from __future__ import annotations

from typing import Any

from reprise.server import places

SECRET_KEY = "the database holds it: see people.instance"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["*"]  # no address is made from the Host header: see page_settings.py
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "reprise.server.people",
    "reprise.server.audit",
    "reprise.server.identity",
    "reprise.server.stations",
    "reprise.server.enrolments",
    "reprise.server.reports",
    "reprise.server.jobs",
    "reprise.server.papers",
    "reprise.server.quarantine",
    "reprise.server.retention",
    "reprise.server.demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE = [  # page_settings.py puts ours around
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
APPEND_SLASH = False
DATA_UPLOAD_MAX_NUMBER_FIELDS = None  # the process that listens takes 64 KiB of an address
DATABASES: dict[str, dict[str, Any]] = {}  # by connect_to
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True  # texts are reprise.i18n's, but for Django's and allauth's own
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
STATIC_URL = "/static/"
STATICFILES_DIRS = [str(places.STATIC)]
WHITENOISE_USE_FINDERS = True
LOGGING_CONFIG = None  # running.py says where messages go
# Which process asks, and on which host, makes no difference to a lock-out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # what is locked out is forgotten by nobody's noise
    }
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["reprise.server.people.hashing.Passwords"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_NAME = "reprise_session"
SESSION_COOKIE_AGE = 12 * 3600  # seconds: a working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "reprise_csrf"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation's link was mailed to the address
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
# Of an account, whoever tries: few enough that nobody guesses, too many that a stranger keeps its
# owner out.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,100/5m/key",
    "second_factor": "20/h/key",  # see people/guessing.py
    "second_factor_told": "1/d/key",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_REAUTHENTICATION_METHODS = {"password", "mfa"}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # else a stranger chooses who gets mail from us
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds
ACCOUNT_CHANGE_EMAIL = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # see people/proof.py
MFA_TOTP_ISSUER = "Reprise"
MFA_TOTP_TOLERANCE = 1  # a code of 30 seconds: a phone's clock may be wrong by as much
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_ONLY = False
