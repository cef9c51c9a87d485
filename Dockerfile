# One image for every role; the command says which one it is.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node build.js && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/package.json ./package.json
# Volumes take over the owner of the folder they are laid over, so the folders exist before the user changes.
RUN mkdir -p /data /outbox /sim /secrets/gateway /secrets/sensors \
 && chown -R node:node /data /outbox /sim /secrets \
 && ln -s /app/dist/shelfwise.js /usr/local/bin/shelfwise
USER node
ENTRYPOINT ["node", "/app/dist/shelfwise.js"]
CMD ["--help"]
