# The service and the build in one image. Everything that changes is on the volume /data: releases, workspaces, likes,
# the key that signs cookies, and CLIP weights once downloaded.
#
#     docker build -t vitrine .
#     docker run --rm -v vitrine:/data vitrine python -m pipeline build sample
#     docker run -d -p 8000:8000 -v vitrine:/data vitrine

FROM python:3.11-slim AS packages
RUN python -m venv /opt/venv
COPY requirements.txt requirements-cpu.txt ./
# PyTorch's CPU build: a tenth of the size. Leave the index out (--build-arg TORCH_INDEX=) for CUDA.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN pip="/opt/venv/bin/pip install --no-cache-dir" && \
    if [ -n "$TORCH_INDEX" ]; then \
        $pip --no-deps --index-url "$TORCH_INDEX" $(grep -oE '^torch(vision)?==[^ ]+' requirements-cpu.txt); \
    fi && \
    $pip --require-hashes -r requirements${TORCH_INDEX:+-cpu}.txt

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home vitrine
COPY --from=packages /opt/venv /opt/venv
WORKDIR /vitrine
COPY wsgi.py gunicorn.conf.py ./
COPY indexes indexes
COPY pipeline pipeline
COPY app app
COPY templates templates
COPY static static
# Likes and the cookie's key go to var, the state of builds to workspace, as everywhere; here both are on the volume.
RUN mkdir -p /data/indexes /data/var /data/workspace && chown -R vitrine: /data && ln -s /data/var /data/workspace .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    VITRINE_INDEXES=/data/indexes \
    HF_HOME=/data/models
USER vitrine
VOLUME /data
EXPOSE 8000
# Alive is enough: without a release the service answers, with the sentence that says how to make one.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["gunicorn", "wsgi:app"]
