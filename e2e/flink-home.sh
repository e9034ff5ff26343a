#!/usr/bin/env bash
# flink-home.sh DIR: a Flink 2.3 distribution (bin, lib) in DIR, out of what PyPI has of it; nothing if it is there already.
# Needs python3 with pip, and the network.
set -euo pipefail
version=2.3.0
dir=$1
[ -x "$dir/bin/taskmanager.sh" ] && exit 0
mkdir -p "$dir"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# The libraries are for any Python, the scripts come with a build for one of them. Neither is installed.
python3 -m pip download -q --no-deps --no-cache-dir -d "$work" --only-binary :all: --python-version 3.11 \
    "apache-flink-libraries==$version" "apache-flink==$version" ||
  { echo "Flink $version could not be downloaded with pip: set FLINK_HOME to a distribution instead." >&2; exit 1; }
for wheel in "$work"/*.whl; do
  python3 - "$wheel" "$dir" <<'EOF'
import pathlib, sys, zipfile
wheel, target = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
for name in wheel.namelist():
    top, _, rest = name.partition("/")
    if top == "pyflink" and rest.startswith(("bin/", "lib/")) and not name.endswith("/"):
        file = target / rest
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(wheel.read(name))
        file.chmod(0o755 if rest.startswith("bin/") else 0o644)
EOF
done
