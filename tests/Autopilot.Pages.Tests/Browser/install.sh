#!/usr/bin/env bash
# Prints the path of Chromium, and installs Debian's where there is none and this user may. Ends with 1, and says why, where there is none.
set -uo pipefail
find_browser() { command -v "${AUTOPILOT_CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome; }
find_browser && exit 0
command -v apt-get >/dev/null || { echo "no Chromium, and no apt-get to install it"; exit 1; }
[ "$(id -u)" -eq 0 ] || { echo "no Chromium, and only root may install it: apt-get install chromium"; exit 1; }
export DEBIAN_FRONTEND=noninteractive
{ apt-get install -y --no-install-recommends chromium || { apt-get update && apt-get install -y --no-install-recommends chromium; }; } >/dev/null 2>&1
find_browser || { echo "no Chromium, and apt-get could not install it"; exit 1; }
