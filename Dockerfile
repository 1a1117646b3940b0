# Build stage: everything that ships is gathered under /image, with nothing else.
FROM docker.io/library/node:24-bookworm-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      bash-static binutils busybox-static ca-certificates gcc libc6-dev ncurses-base tini tzdata
WORKDIR /src
COPY package.json package-lock.json ./
# A company's own CA may be mounted as the secret `ca`: scripts/image does so when NODE_EXTRA_CA_CERTS names one.
RUN --mount=type=secret,id=ca \
    if [ -f /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca npm_config_cafile=/run/secrets/ca; fi; \
    npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts scripts
COPY server server
COPY web web
# By the image's own Node, not npm's: the V8 code caches are good for the Node that made them.
RUN /usr/local/bin/node scripts/build.ts && scripts/image-root dist /image

FROM scratch
COPY --from=build /image/ /
ENV PATH=/ditty/bin:/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin \
    LANG=C.UTF-8 \
    HOME=/root \
    TMPDIR=/dev/shm
USER 65532:65532
EXPOSE 7681
ENTRYPOINT ["/ditty/bin/tini", "-s", "--", "/ditty/bin/ditty"]
CMD ["up"]
