# One image for web, worker, beat and migrations; docker-compose.yml says which it is.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=servicedesk.settings.production

# pg_dump, pg_restore and psql, for the commands backup and restore; they serve older servers too.
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin desk
WORKDIR /app

COPY requirements/production.txt requirements/production.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/production.txt

COPY . .
# Collecting needs settings, not secrets: these values are of this line only and open nothing.
RUN DATABASE_URL=postgresql://build/build REDIS_URL=redis://build SECRET_KEY="$(head -c 64 /dev/urandom | base64 -w0)" \
    ALLOWED_HOSTS=build BASE_URL=https://build EMAIL_HOST=build DEFAULT_FROM_EMAIL=build@build \
    python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q /app

# Where the processes of one container count together; see servicedesk/meters.py.
ENV PROMETHEUS_MULTIPROC_DIR=/tmp/desk-metrics

USER desk
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --retries=3 --start-period=20s \
 CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
# Lines for each request come from the desk itself: they name views, not addresses.
CMD ["gunicorn", "servicedesk.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
