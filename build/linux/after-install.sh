#!/bin/sh
set -e
program='/opt/${sanitizedProductName}'

ln -sf "$program/bin/${executable}" '/usr/bin/${executable}'

# Chromium's sandbox uses user namespaces; where the system forbids them it needs its helper to be set-uid.
if [ -L /proc/self/ns/user ] && unshare --user true 2> /dev/null; then
  chmod 0755 "$program/chrome-sandbox"
else
  chmod 4755 "$program/chrome-sandbox"
fi

if command -v update-mime-database > /dev/null; then update-mime-database /usr/share/mime || true; fi
if command -v update-desktop-database > /dev/null; then update-desktop-database /usr/share/applications || true; fi

# Ubuntu 24 and later allow user namespaces to programs that have a profile.
if command -v apparmor_status > /dev/null && apparmor_status --enabled 2> /dev/null; then
  profile="$program/resources/apparmor-profile"
  if apparmor_parser --skip-kernel-load --debug "$profile" > /dev/null 2>&1; then
    cp -f "$profile" '/etc/apparmor.d/${executable}'
    apparmor_parser --replace --write-cache --skip-read-cache '/etc/apparmor.d/${executable}' || true
  fi
fi
