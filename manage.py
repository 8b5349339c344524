#!/usr/bin/env python
"""Django's commands. `script/manage` is the same with the local servers started for it."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "horetsu_site.settings")
    execute_from_command_line(sys.argv)
