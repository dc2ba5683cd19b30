# Two stages: one has pip and builds, the other has the finished environment and runs it without a shell.
# tests/deploy executes these very steps in an empty root file system; no image can be built there.
#
# Pinned by exact version. A digest would pin the bytes too, but it is only known where the registry can be asked:
#   docker buildx imagetools inspect python:3.11.15-slim-trixie
FROM python:3.11.15-slim-trixie AS base


FROM base AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_NO_INPUT=1

WORKDIR /src

# The environment that is shipped has no pip; another, left behind here, has what builds the project.
COPY requirements/runtime.lock requirements/build.lock requirements/
RUN python -m venv --without-pip /opt/rielquote \
    && python -m pip --python /opt/rielquote install --require-hashes --only-binary :all: -r requirements/runtime.lock
RUN python -m venv --without-pip /opt/build \
    && python -m pip --python /opt/build install --require-hashes --only-binary :all: -r requirements/build.lock

COPY pyproject.toml ./
COPY requirements/runtime.in requirements/otel.in requirements/
COPY pricing pricing
COPY tables tables
COPY api api
RUN python -m pip --python /opt/build wheel --no-index --no-deps --no-build-isolation --wheel-dir /opt/wheels . \
    && python -m pip --python /opt/rielquote install --no-index --no-deps /opt/wheels/*.whl \
    && mkdir /data


FROM base

COPY --from=build /opt/rielquote /opt/rielquote
# The embedded store; the only place that the service writes to.
COPY --from=build --chown=10001:10001 /data /data
VOLUME ["/data"]

ENV PATH=/opt/rielquote/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RIELQUOTE_DATABASE_URL=sqlite:////data/rielquote.db

# Python may import from its working directory, so that is one which the service cannot write to.
WORKDIR /opt/rielquote
USER 10001:10001
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:8000/livez', timeout=2)"]

# The other command that the image is for is `rielquote db upgrade`.
CMD ["rielquote", "serve", "--host", "0.0.0.0", "--port", "8000"]
