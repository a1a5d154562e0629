#!/usr/bin/env bash
#
# Installs a release of pat for a job's later steps. Wants VERSION, RELEASES and
# ACTION_REF as action.yml gives them, and what GitHub's runner sets.

set -euo pipefail

# fail tells the runner, which reads its commands here too, and ends.
fail() {
	echo "::error::$1" >&2
	exit 1
}

download() { curl -fsSL --proto '=https' --retry 3 "$@"; }

fetch() { download -o "$2" "$1" || fail "cannot download $1"; }

# chosen is the version: what was asked for, else the tag of this action, else the
# latest, which the address of that page names.
chosen() {
	local wanted=${VERSION:-}
	[[ -n $wanted || ! ${ACTION_REF:-} =~ ^v[0-9]+\.[0-9]+\.[0-9]+ ]] || wanted=$ACTION_REF
	if [[ -z $wanted || $wanted == latest ]]; then
		wanted=$(download -o /dev/null -w '%{url_effective}' "$RELEASES/latest") || fail "cannot find out the latest release at $RELEASES"
		wanted=${wanted##*/}
	fi
	echo "${wanted#v}"
}

# archive is the name of this machine's.
archive() {
	local system machine
	case $RUNNER_OS in
	Linux) system=linux ;;
	macOS) system=darwin ;;
	Windows) system=windows ;;
	*) fail "there is no pat for $RUNNER_OS" ;;
	esac
	case $RUNNER_ARCH in
	X64) machine=amd64 ;;
	ARM64) machine=arm64 ;;
	*) fail "there is no pat for $RUNNER_ARCH" ;;
	esac
	if [[ $system == windows ]]; then echo "pat_$1_${system}_$machine.zip"; else echo "pat_$1_${system}_$machine.tar.gz"; fi
}

sum() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }

# native is a path as programs of this system write it, ours as this shell does.
native() { if command -v cygpath >/dev/null; then cygpath -w "$1"; else echo "$1"; fi; }
ours() { if command -v cygpath >/dev/null; then cygpath -u "$1"; else echo "$1"; fi; }

version=$(chosen)
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*$ ]] || fail "\"$version\" is no version: give one such as 1.2.3"
name=$(archive "$version")
folder=$(mktemp -d "$(ours "$RUNNER_TEMP")/pat-XXXXXX")
fetch "$RELEASES/download/v$version/checksums.txt" "$folder/checksums.txt"
fetch "$RELEASES/download/v$version/$name" "$folder/$name"

expected=$(awk -v name="$name" '$2 == name { print $1 }' "$folder/checksums.txt")
[[ -n $expected ]] || fail "the release's checksums do not name $name"
[[ $(sum "$folder/$name") == "$expected" ]] || fail "$name is not what the release's checksums say: nothing is installed"

if [[ $name == *.zip ]]; then unzip -q "$folder/$name" -d "$folder"; else tar -xzf "$folder/$name" -C "$folder"; fi
mv "$folder"/pat_*/ "$folder/pat"
rm "$folder/$name" "$folder/checksums.txt"
"$folder/pat/pat" --version
native "$folder/pat" >>"$GITHUB_PATH"
echo "version=$version" >>"$GITHUB_OUTPUT"
