"""What Django asks of a project. What makes its pages is named by pages_process.py."""

from __future__ import annotations

from typing import Any

from reprise.server import places

SECRET_KEY = "nothing is signed with it yet"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["*"]  # no address is made from the Host header: see ServerSettings.public_url
INSTALLED_APPS = [
    "reprise.server.stations",
    "reprise.server.reports",
    "reprise.server.jobs",
    "reprise.server.papers",
]
APPEND_SLASH = False
DATA_UPLOAD_MAX_NUMBER_FIELDS = None  # the process that listens takes 64 KiB of an address
DATABASES: dict[str, dict[str, Any]] = {}  # by connect_to
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False  # texts are reprise.i18n's
STATIC_URL = "/static/"
STATIC_ROOT = str(places.STATIC)
LOGGING_CONFIG = None  # running.py says where messages go
