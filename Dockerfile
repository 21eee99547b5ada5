# The product for production: locked packages, compiled words, collected files, no compiler, no root.
ARG BASE_IMAGE=docker.io/library/python:3.13-slim-trixie

FROM ${BASE_IMAGE} AS packages
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev python3-dev \
    && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /venv
COPY requirements/production.txt requirements/psycopg2.txt requirements/
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/production.txt
# psycopg2 against the distribution's libpq, which gets its security fixes; the binary wheel brings its own.
RUN /venv/bin/pip uninstall -y psycopg2-binary \
    && /venv/bin/pip install --no-cache-dir --require-hashes --no-binary psycopg2 -r requirements/psycopg2.txt

FROM ${BASE_IMAGE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app smarketing \
    && install -d -o smarketing -g smarketing /data/media
COPY --from=packages /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY . .
# Nothing below needs a real secret, a database or Redis.
RUN export SMARKETING_PRODUCTION=1 SMARKETING_SECRET_KEY=only-for-collecting-files-while-the-image-is-built-and-then-gone \
        SMARKETING_ALLOWED_HOSTS=localhost DATABASE_URL=postgres://nobody@localhost/nothing REDIS_URL=redis://localhost \
    && python manage.py messages --compile \
    && python manage.py collectstatic --no-input \
    && python -m compileall -q /app
USER smarketing
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "smarketing.wsgi", "--bind=0.0.0.0:8000", "--preload", "--no-control-socket"]
