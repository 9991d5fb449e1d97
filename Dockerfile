# syntax is plain on purpose: this builds with the classic builder and with BuildKit.
# BASE_IMAGE needs Node >= 24 and npm; the final stage needs Node alone.
ARG BASE_IMAGE=node:24-bookworm-slim

FROM ${BASE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY migrations migrations
COPY src src
RUN node_modules/.bin/tsc -p tsconfig.build.json && npm prune --omit=dev && rm -f node_modules/.package-lock.json

FROM ${BASE_IMAGE}
ENV NODE_ENV=production \
    PLIMSOLL_HOST=0.0.0.0 \
    PLIMSOLL_DATA_DIR=/var/lib/plimsoll
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
# A number, so that an orchestrator can see that it is not root; with a name, which the embedded PostgreSQL wants. The data
# folder is all that is ever written to.
RUN echo 'plimsoll:x:10001:10001::/var/lib/plimsoll:/sbin/nologin' >> /etc/passwd && mkdir -p /var/lib/plimsoll && chown 10001:10001 /var/lib/plimsoll && chmod 0700 /var/lib/plimsoll
USER 10001:10001
VOLUME /var/lib/plimsoll
EXPOSE 8080
ENTRYPOINT ["node", "--max-semi-space-size=1", "dist/src/main.js"]
