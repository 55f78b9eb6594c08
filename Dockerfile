# Two stages: build wheels with pip, run as a plain user without a compiler.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY bot bot
COPY cogs cogs
COPY storage storage
RUN python -m venv /opt/easel \
 && /opt/easel/bin/pip install --no-cache-dir --constraint requirements.lock '.[c2pa]'

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 easel && mkdir /data && chown easel /data
COPY --from=build /opt/easel /opt/easel
ENV PATH=/opt/easel/bin:$PATH EASEL_DATA_DIR=/data DATABASE_URL=sqlite:////data/easel.db
USER easel
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
CMD ["easel", "run"]
