# Where packages come from while building (sourced by the image builds; POSIX sh, root not needed).
#
#   mirror_of SUITE        the URI that this build host's APT uses for SUITE (trixie,
#                          trixie-updates or trixie-security); live-build's default where the
#                          host has none
#   host_sources SUITE     one-line-style sources for SUITE, its updates and its security suite,
#                          from mirror_of: for mmdebstrap, never for the finished image
#   public_sources SUITE   deb822 sources with Debian's public addresses: for the finished image
#
# No address is written here: a mirror near the build host is nobody else's business, and Debian's
# public addresses are live-build's own defaults, read from the installed package.

LIVE_BUILD_DEFAULTS=${LIVE_BUILD_DEFAULTS:-/usr/share/live/build/functions/configuration.sh}
DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# live_build_default NAME: the default of LB_NAME in the installed live-build.
live_build_default() (
    value=$(sed -n "s/.*LB_$1=\"\${LB_$1:-\([a-z]*:[^}]*\)}\".*/\1/p" "$LIVE_BUILD_DEFAULTS" | head -n 1)
    if [ -z "$value" ]; then
        echo "mirrors: live-build's default for $1 was not found in $LIVE_BUILD_DEFAULTS;" \
            "install live-build (make deps)" >&2
        return 2
    fi
    printf '%s\n' "$value"
)

# public_mirror SUITE: Debian's public address of SUITE.
public_mirror() {
    case $1 in
        *-security) live_build_default MIRROR_BINARY_SECURITY ;;
        *) live_build_default MIRROR_BINARY ;;
    esac
}

mirror_of() (
    # file: and copy: sources are this machine's own; only what an image can be built from counts.
    found=$(apt-get indextargets --format '$(CREATED_BY) $(RELEASE) $(CODENAME) $(REPO_URI)' 2>/dev/null |
        awk -v suite="$1" '$1 == "Packages" && ($2 == suite || $3 == suite) && $4 ~ /^https?:/ { print $4; exit }')
    if [ -n "$found" ]; then printf '%s\n' "$found"; else public_mirror "$1"; fi
)

host_sources() ( # a subshell: no variable leaks out
    for suite in "$1" "$1-updates" "$1-security"; do
        uri=$(mirror_of "$suite") || return
        printf 'deb [signed-by=%s] %s %s %s\n' "$DEBIAN_KEYRING" "$uri" "$suite" "${COMPONENTS:-main}"
    done
)

public_sources() (
    for suites in "$1 $1-updates" "$1-security"; do
        uri=$(public_mirror "${suites##* }") || return
        printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: %s\nSigned-By: %s\n\n' \
            "$uri" "$suites" "${COMPONENTS:-main}" "$DEBIAN_KEYRING"
    done
)
