"""The central server: takes signed reports, keeps their exact bytes, shows them.

Whatever of it is loaded finds Django set up: its tables are classes, and those ask for it.
"""

from __future__ import annotations

import django
from django.conf import settings

from reprise.server import django_settings

if not settings.configured:  # not by an environment variable, which may be another project's
    settings.configure(**{k: v for k, v in vars(django_settings).items() if k.isupper()})
    django.setup()
