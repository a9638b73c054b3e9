# syntax=docker/dockerfile:1
# The server in a container: docker build -t autopilot-server . ; see docs/server.md.

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props ./
COPY src/ src/
# Every package as the lock files have it; what a runtime adds to them (its host, its compiler) comes with the SDK's own versions.
RUN dotnet restore --locked-mode src/Autopilot.Server \
    && dotnet publish src/Autopilot.Server --configuration Release --arch "$TARGETARCH" --self-contained false --artifacts-path /made --output /app

# No shell, no package manager, and a user that is not root.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app ./
ENV ASPNETCORE_HTTP_PORTS=7071 \
    DOTNET_EnableDiagnostics=0
EXPOSE 7071
USER $APP_UID
# Without a key it refuses to listen here (exit code 78): set Server__ApiKeys__0.
ENTRYPOINT ["/app/Autopilot.Server"]
