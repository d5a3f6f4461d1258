"""The settings of gunicorn, for `gunicorn --config config/deploy/gunicorn.conf.py config.wsgi`."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60  # the longest import or verification of a page takes seconds
graceful_timeout = 30
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
accesslog = None  # the proxy writes it, without the addresses of readers
errorlog = "-"
forwarded_allow_ips = os.environ.get("PROXY_ADDRESSES", "127.0.0.1")
