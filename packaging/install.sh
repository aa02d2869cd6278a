#!/bin/sh
# Puts this folder's Songspace into the user's menu, or takes it out again: ./install.sh [--remove]
# Nothing outside ~/.local is touched; the program also runs from here as bin/songspace.
set -eu
cd "$(dirname "$0")"
id=org.songspace.songspace
prefix="${PREFIX:-$HOME/.local}"
data="$prefix/share"

refresh() {
    ! command -v update-desktop-database >/dev/null || update-desktop-database -q "$data/applications" || true
    ! command -v update-mime-database >/dev/null || update-mime-database "$data/mime" || true
    ! command -v gtk-update-icon-cache >/dev/null || gtk-update-icon-cache -qtf "$data/icons/hicolor" || true
}

if [ "${1:-}" = --remove ]; then
    (find bin share -type f) | while read -r file; do rm -f "$prefix/$file"; done
    rmdir "$data/songspace" "$data/doc/songspace" 2>/dev/null || true
    refresh
    echo "Songspace is removed from $prefix; your spaces, settings and recordings are where they were."
    exit 0
fi

(find bin share -type f) | while read -r file; do
    mkdir -p "$prefix/$(dirname "$file")"
    cp "$file" "$prefix/$file"
done
chmod 755 "$prefix/bin/songspace"
# A menu does not always know ~/.local/bin.
sed -i "s|^Exec=songspace|Exec=\"$prefix/bin/songspace\"|" "$data/applications/$id.desktop"
refresh
echo "Songspace is installed: look for it in the menu, or run $prefix/bin/songspace"
