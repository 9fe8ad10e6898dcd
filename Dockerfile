# The jail's image: five toolchains and the agent. Nothing is fetched when it runs.
# HUMANEVAL_X_WITH=rust adds Rust, which takes 280 MB more.
#   make image                     builds it from Docker Hub's Debian
#   make image-offline             builds it from a base made with debootstrap
ARG BASE=debian:bookworm-slim
FROM ${BASE}
ARG HUMANEVAL_X_WITH=
LABEL org.humaneval-x.with="${HUMANEVAL_X_WITH}"
COPY sandboxes /opt/humaneval_x/sandboxes
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 gcc libc6-dev \
 && cd /opt/humaneval_x \
 && apt-get install -y --no-install-recommends $(python3 -m sandboxes.packages) \
 && for optional in $(python3 -m sandboxes.packages --optional); do apt-get install -y --no-install-recommends $optional || true; done \
 && python3 -m sandboxes.prepare /opt/humaneval_x/warm \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
WORKDIR /opt/humaneval_x
ENV PATH=/usr/bin:/bin LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
ENTRYPOINT ["/usr/bin/python3", "-m", "sandboxes.agent", "--warm", "/opt/humaneval_x/warm", "--scratch", "/scratch"]
