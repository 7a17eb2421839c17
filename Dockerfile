# The operator: one Deno runtime and one JavaScript file (`deno task bundle` writes it).
#
# BASE_IMAGE needs the runtime at /bin/deno and the C library that it is linked with.
ARG BASE_IMAGE=denoland/deno:distroless-2.9.6
FROM ${BASE_IMAGE}

COPY dist/dittofs-operator.js /app/dittofs-operator.js

USER 65532:65532
ENV DENO_DIR=/tmp/deno DENO_NO_UPDATE_CHECK=1 NO_COLOR=1 MALLOC_ARENA_MAX=1

# Small young generation, a heap that grows by steps of 30 % and one malloc arena: half of the
# memory, measured by `deno task bench`.
#
# The fence: Services of this cluster to talk to, two ports to listen on, one directory to read, one
# variable.
# Nothing is ever fetched, written, run or loaded, whatever the code may try.
ENTRYPOINT ["/bin/deno", "run", \
  "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=30", \
  "--no-prompt", "--no-config", "--no-lock", "--no-remote", "--no-npm", "--cached-only", \
  "--allow-net=*.svc,0.0.0.0:8080,0.0.0.0:8081", \
  "--allow-read=/var/run/secrets/kubernetes.io/serviceaccount", \
  "--allow-env=HOSTNAME", \
  "/app/dittofs-operator.js"]
CMD ["run"]
