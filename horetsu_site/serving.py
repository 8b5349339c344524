"""How gunicorn serves the pages: `gunicorn --config python:horetsu_site.serving horetsu_site.wsgi`.

A command's own flags win over what stands here.
"""

import os

from horetsu_site import env, logs

bind = env.text("BIND", "127.0.0.1:8000")
workers = int(env.text("WEB_PROCESSES", str(2 * (os.cpu_count() or 1))))
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 10
preload_app = True  # imported once, before the fork: less memory, and a new process at once
control_socket_disable = True  # it would lie in $HOME, shared by every site there
# No access log: answer tokens stand in the path. horetsu_site.logs.Journal names pages instead.
accesslog = None
logconfig_dict = logs.config(as_json=not env.flag("HORETSU_LOCAL"))
