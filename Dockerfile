# Targets: `cpu` (service, background worker) and `gpu` (generation worker with CUDA torch and faiss-gpu).
#   docker build --target cpu -t switchboard:cpu .
#   docker build --target gpu -t switchboard:gpu .
# TORCH_INDEX_URL chooses another index for torch, for example one with CPU builds: the default on Linux
# brings the CUDA libraries along, which the cpu image does not need.

FROM node:24-slim AS web
WORKDIR /web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY web/ ./
RUN npm run build

FROM python:3.11-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin switchboard \
 && install -d -o switchboard -g switchboard /data
WORKDIR /app

# The packages change rarely: a layer of their own, before the sources.
FROM base AS packages
ARG TORCH_INDEX_URL=""
COPY pyproject.toml constraints.txt ./
RUN if [ -n "$TORCH_INDEX_URL" ]; then \
      pip install --index-url "$TORCH_INDEX_URL" "$(grep '^torch==' constraints.txt)"; \
    fi
RUN python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
print('\n'.join(project['dependencies'] + project['optional-dependencies']['s3']))" > requirements.txt \
 && pip install -c constraints.txt -r requirements.txt

# Both packages carry the module `faiss`, so the CPU one leaves before the GPU one comes.
FROM packages AS gpu-packages
RUN python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
print('\n'.join(project['optional-dependencies']['gpu']))" > gpu-requirements.txt \
 && pip uninstall -y faiss-cpu \
 && pip install -c constraints.txt -r gpu-requirements.txt

FROM packages AS cpu
COPY . .
COPY --from=web /web/dist web/dist
RUN pip install --no-deps -e .
ENV SWITCHBOARD_HOST=0.0.0.0 SWITCHBOARD_VAR=/data HF_HOME=/data/huggingface HOME=/tmp
USER switchboard
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["tini", "--"]
CMD ["switchboard", "serve"]

FROM gpu-packages AS gpu
COPY . .
RUN pip install --no-deps -e .
ENV SWITCHBOARD_VAR=/data HF_HOME=/data/huggingface HOME=/tmp \
    NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER switchboard
VOLUME /data
ENTRYPOINT ["tini", "--"]
CMD ["switchboard", "worker", "--queues", "generation"]
