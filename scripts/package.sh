#!/usr/bin/env bash
# Makes packages of a release build into outputs/packages.
#
#   scripts/package.sh deb           a Debian package, with dependencies found by dpkg-shlibdeps
#   scripts/package.sh tar           a folder that runs where it is unpacked, with install.sh for the user's own menu
#   scripts/package.sh appimage      one file that runs (needs appimagetool)
#   scripts/package.sh dist          all that can be made here
#
# SONGSPACE_BINARY=FILE packs that program instead of building one, SONGSPACE_PACKAGES=FOLDER is where packages go.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly id=org.songspace.songspace
readonly summary="Learn a map of sounds from a folder of music, and play it"
# winit and wgpu open these by name at run time, so no tool finds them in the program.
readonly window_libraries="libx11-6, libx11-xcb1, libxcursor1, libxi6, libxrandr2, libxkbcommon0, libxkbcommon-x11-0"
readonly wanted_beside="libvulkan1, mesa-vulkan-drivers, libegl1, libgl1-mesa-dri, libwayland-client0, libasound2-plugins, rtkit"
readonly sizes="16 24 32 48 64 128 256 512"

out="${SONGSPACE_PACKAGES:-outputs/packages}"
mkdir -p "$out"
out="$(cd "$out" && pwd)"
maintainer="$(sed -n 's/^authors = \["\(.*\)"\]/\1/p' Cargo.toml)"
version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)"
# Files carry the time of the commit, so that the same commit gives the same package.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}"
export SOURCE_DATE_EPOCH
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

fail() { echo "package: $*" >&2; exit 1; }

need() {
    command -v "$1" >/dev/null || fail "$1 is missing (on Debian: apt-get install $2)"
}

build() {
    if [ -n "${SONGSPACE_BINARY:-}" ]; then
        [ -x "$SONGSPACE_BINARY" ] || fail "$SONGSPACE_BINARY is no program"
        binary="$(realpath "$SONGSPACE_BINARY")"
        return
    fi
    SONGSPACE_COMMIT="$(git rev-parse --short=10 HEAD 2>/dev/null || true)" cargo build --release --locked --bin songspace
    binary="$(cargo metadata --locked --no-deps --format-version 1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/songspace"
}

# The tree that every package holds: bin and share below $1.
tree() {
    local root="$1" size
    local share="$root/share" doc="$root/share/doc/songspace"
    need rsvg-convert librsvg2-bin
    install -Dm755 "$binary" "$root/bin/songspace"
    strip --strip-unneeded "$root/bin/songspace"
    install -Dm644 assets/demo.songspace "$share/songspace/demo.songspace"
    install -Dm644 "packaging/$id.desktop" "$share/applications/$id.desktop"
    install -Dm644 "packaging/$id.xml" "$share/mime/packages/$id.xml"
    install -Dm644 "packaging/$id.metainfo.xml" "$share/metainfo/$id.metainfo.xml"
    install -Dm644 "packaging/$id.svg" "$share/icons/hicolor/scalable/apps/$id.svg"
    for size in $sizes; do
        mkdir -p "$share/icons/hicolor/${size}x$size/apps"
        rsvg-convert -w "$size" -h "$size" "packaging/$id.svg" -o "$share/icons/hicolor/${size}x$size/apps/$id.png"
    done
    manual "$root"
    mkdir -p "$doc"
    [ -f "$work/licences.txt" ] || scripts/licences.py "$work/licences.txt" >&2
    install -m644 "$work/licences.txt" README.md CHANGELOG.md "$doc"
}

# Man pages and completions, as the program itself writes them.
manual() {
    local share="$1/share"
    mkdir -p "$share/man"
    "$binary" generate man "$share/man/man1"
    gzip -9n "$share/man/man1/"*.1
    "$binary" generate completions "$work/completions"
    install -Dm644 "$work/completions/songspace.bash" "$share/bash-completion/completions/songspace"
    install -Dm644 "$work/completions/_songspace" "$share/zsh/vendor-completions/_songspace"
    install -Dm644 "$work/completions/songspace.fish" "$share/fish/vendor_completions.d/songspace.fish"
}

# One time for all files, no right to write for others.
settle() {
    chmod -R u+rwX,go=rX "$1"
    find "$1" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
}

architecture_name() { uname -m; }

make_deb() {
    need dpkg-deb dpkg
    need dpkg-shlibdeps dpkg-dev
    need fakeroot fakeroot
    local architecture root="$work/deb" doc="$work/deb/usr/share/doc/songspace"
    architecture="$(dpkg --print-architecture)"
    tree "$root/usr"
    gzip -9n "$doc/licences.txt"
    rm "$doc/README.md"
    mv "$doc/CHANGELOG.md" "$doc/changelog"
    gzip -9n "$doc/changelog"
    {
        echo "songspace ($version-1) unstable; urgency=medium"
        echo
        echo "  * What is new is told in changelog.gz beside this file."
        echo
        echo " -- $maintainer  $(date -Rud "@$SOURCE_DATE_EPOCH")"
    } | gzip -9n >"$doc/changelog.Debian.gz"
    debian_copyright >"$doc/copyright"
    install -Dm644 packaging/lintian-overrides "$root/usr/share/lintian/overrides/songspace"
    debian_control "$architecture" "$root"
    (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
    settle "$root"
    fakeroot dpkg-deb --build -Zxz "$root" "$out/songspace_$version-1_$architecture.deb" >/dev/null
    echo "$out/songspace_$version-1_$architecture.deb"
}

debian_control() {
    local architecture="$1" root="$2" libraries
    # dpkg-shlibdeps wants to stand in a source package.
    mkdir -p "$work/shlibdeps/debian" "$root/DEBIAN"
    printf 'Source: songspace\n\nPackage: songspace\nArchitecture: any\n' >"$work/shlibdeps/debian/control"
    libraries="$(cd "$work/shlibdeps" && dpkg-shlibdeps -O "$root/usr/bin/songspace" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')"
    [ -n "$libraries" ] || fail "dpkg-shlibdeps finds no library that the program needs"
    cat >"$root/DEBIAN/control" <<EOF
Package: songspace
Version: $version-1
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --apparent-size "$root/usr" | cut -f1)
Depends: $libraries, $window_libraries
Recommends: $wanted_beside
Suggests: xdg-desktop-portal-gtk | xdg-desktop-portal-backend
Section: sound
Priority: optional
Description: $summary
 Songspace learns a space of sounds from a folder of music, draws it as a map
 and lets you play the map: click a point and hear it, drag and the sound
 morphs, slide a genre or the mood and the same point changes with it.
 .
 It trains and plays on any GPU that speaks Vulkan, or on the CPU alone. A demo
 space comes with it, and every job also runs from the command line.
EOF
}

debian_copyright() {
    cat <<EOF
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Songspace
Comment: The Rust crates that are linked into the program keep their own
 licences: see licences.txt.gz beside this file.

Files: *
Copyright: 2026 The Songspace authors
License: Expat

License: Expat
$(sed -n '/^Permission/,$p' LICENSE | sed -e 's/^$/./' -e 's/^/ /')
EOF
}

make_tar() {
    local name
    name="songspace-$version-linux-$(architecture_name)"
    tree "$work/$name"
    install -m755 packaging/install.sh "$work/$name/install.sh"
    install -m644 LICENSE "$work/$name/LICENSE"
    settle "$work/$name"
    tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -cJf "$out/$name.tar.xz" "$name"
    echo "$out/$name.tar.xz"
}

make_appimage() {
    need appimagetool "nothing: it is no package of Debian, see https://appimage.org; the tar serves as well"
    local root="$work/Songspace.AppDir"
    tree "$root/usr"
    ln -s usr/bin/songspace "$root/AppRun"
    cp "packaging/$id.desktop" "packaging/$id.svg" "$root"
    settle "$root"
    ARCH="$(architecture_name)" appimagetool "$root" "$out/Songspace-$version-$(architecture_name).AppImage"
}

case "${1:-}" in
deb | tar | appimage)
    build
    "make_$1"
    ;;
dist)
    build
    make_tar
    if command -v dpkg-deb >/dev/null; then make_deb; else echo "no .deb: this system has no dpkg-deb" >&2; fi
    if command -v appimagetool >/dev/null; then make_appimage; else echo "no AppImage: this system has no appimagetool" >&2; fi
    ;;
*)
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
