#!/bin/sh
set -e
# Also called when a newer version takes the place of this one: then the new one has put its own link and profile there.
case $1 in upgrade | 1) exit 0 ;; esac

if [ "$(readlink '/usr/bin/${executable}')" = '/opt/${sanitizedProductName}/bin/${executable}' ]; then
  rm -f '/usr/bin/${executable}'
fi

profile='/etc/apparmor.d/${executable}'
if [ -f "$profile" ]; then
  if command -v apparmor_parser > /dev/null; then apparmor_parser --remove "$profile" 2> /dev/null || true; fi
  rm -f "$profile"
fi

if command -v update-mime-database > /dev/null; then update-mime-database /usr/share/mime || true; fi
if command -v update-desktop-database > /dev/null; then update-desktop-database /usr/share/applications || true; fi
# What a person made lies in that person's own folder and stays there.
