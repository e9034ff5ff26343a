#!/usr/bin/env bash
# images.sh DIR [PREFIX TAG]: the images flink-ha-agent and flink-ha-demo as archives in DIR, for a test cluster without a
# registry; named localhost/…:e2e, or as said. `docker.io/library/ 0.1.0-SNAPSHOT` is what a node takes the plain names of
# deploy/examples for.
# The same content as deploy/image, on root file systems of busybox and, but for the native agent, a Java. Needs, in the environment:
#   KUBE_LOCAL        directory with mkjre.sh (a root file system with bash and the Java of JAVA_HOME) and mkimage.sh (an archive of one)
#   FLINK_HOME        a Flink 2.3 distribution (bin, lib)
#   FLINK_JAVA_HOME   Java 17 (Flink's start scripts do not know Java 24 and newer)
#   AGENT_JAVA_HOME   Java 21 or newer, for the agent on a JVM
#   AGENT             native or jvm; may be missing: native where `make native` has made one. To the TAG of an agent on a JVM, given
#                     here, -jvm is added, as deploy/ calls it; without one it is e2e for both, by which the laboratory finds them
#   IMAGES            may be missing; flink-ha-agent: this image alone, which needs no Flink
# and a built project (`make build`).
set -euo pipefail
out=$(readlink -f "$1") prefix=${2-localhost/} tag=${3-e2e}
: "${KUBE_LOCAL:?}"
cd "$(dirname "$0")/.."
native=target/flink-ha-agent-0.1.0-SNAPSHOT-runner
agent=${AGENT:-$([ -x "$native" ] && echo native || echo jvm)}
case "$agent" in
  native) [ -x "$native" ] || { echo "images.sh: $native is not there: run \`make native\`, or give AGENT=jvm." >&2; exit 1; } ;;
  jvm) : "${AGENT_JAVA_HOME:?}" ;;
  *) echo "images.sh: AGENT is '$agent': give native or jvm." >&2; exit 1 ;;
esac
case "${IMAGES:=all}" in
  all) : "${FLINK_HOME:?}" "${FLINK_JAVA_HOME:?}" ;;
  flink-ha-agent) ;;
  *) echo "images.sh: IMAGES is '$IMAGES': give flink-ha-agent, or nothing for both." >&2; exit 1 ;;
esac
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# image NAME ROOTFS Entrypoint|Cmd WORD…: an archive with this entry point, or default command, and the variables in $env
image() {
  local name=$1 root=$2 kind=$3 env=${env-}; shift 3
  chmod 755 "$root"; chmod 1777 "$root/tmp"; chmod -R a+rX "$root/opt"
  echo 'flink:x:9999:9999:flink:/tmp:/bin/sh' >> "$root/etc/passwd"
  echo 'flink:x:9999:' >> "$root/etc/group"
  "$KUBE_LOCAL/mkimage.sh" "$prefix$name:$tag" "$root" "$work/$name.tar"
  mkdir "$work/$name" && tar -xf "$work/$name.tar" -C "$work/$name"
  local words; words=$(printf '"%s",' "$@")
  sed -i "s#\"Cmd\":\[[^]]*\]#\"$kind\":[${words%,}]#; s#\"Env\":\[#&$env#" "$work/$name/config.json"
  tar -C "$work/$name" -cf "$out/$name.tar" manifest.json config.json layer.tar
}

# nativeroot DIR: busybox, whom to trust behind https://, and the libraries of glibc that agent and OpenDAL name or look up
nativeroot() {
  local root=$1 library
  mkdir -p "$root"/{bin,etc/ssl/certs,lib,opt,proc,root,sys,tmp,usr/lib}
  cp /bin/busybox "$root/bin/"
  for applet in $(/bin/busybox --list); do [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"; done
  { ldd "$native" target/opendal/native/*/*.so | grep -o '[[:space:]]/[^ :]*'; ls /lib/x86_64-linux-gnu/libnss_{files,dns}.so.2; } | sort -u |
    while read -r library; do install -D "$library" "$root$library"; done
  cp target/opendal/native/*/*.so "$root/usr/lib/"
  # No test here asks a store on the internet.
  [ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  printf 'root:x:0:0:root:/root:/bin/sh\n' > "$root/etc/passwd"
  printf 'hosts: files dns\n' > "$root/etc/nsswitch.conf"
}

root=$work/agent-root agent_tag=$tag
if [ "$agent" = native ]; then
  nativeroot "$root"
  install -D -m 755 "$native" "$root/usr/local/bin/flink-ha-agent"
else
  [ $# -lt 3 ] || agent_tag=$tag-jvm
  JAVA_HOME=$AGENT_JAVA_HOME "$KUBE_LOCAL/mkjre.sh" "$root"
  mkdir -p "$root/opt/flink-ha" "$root/usr/local/bin"
  cp -r target/quarkus-app "$root/opt/flink-ha/agent"
  install -m 755 deploy/image/flink-ha-agent "$root/usr/local/bin/"
fi
mkdir -p "$root/opt/flink-ha/services"
cp flink-ha-services/jar/target/flink-ha-services-0.1.0-SNAPSHOT.jar "$root/opt/flink-ha/services/flink-ha-services.jar"
install -m 755 deploy/image/flink-ha-run "$root/opt/flink-ha/services/"
tag=$agent_tag image flink-ha-agent "$root" Entrypoint flink-ha-agent
echo "The agent of the image ${prefix}flink-ha-agent:$agent_tag: $agent"
[ "$IMAGES" = all ] || exit 0

root=$work/flink-root
JAVA_HOME=$FLINK_JAVA_HOME "$KUBE_LOCAL/mkjre.sh" "$root"
mkdir -p "$root/opt/flink/usrlib" "$root/opt/flink/plugins" "$root/opt/flink/opt"
cp -r "$FLINK_HOME/bin" "$FLINK_HOME/lib" "$root/opt/flink/"
cp lab/job/target/flink-ha-demo-job.jar "$root/opt/flink/usrlib/"
# What RocksDB's library needs beside a Java's.
for library in libpthread.so.0 libdl.so.2 librt.so.1 libm.so.6 libgcc_s.so.1 libstdc++.so.6; do
  cp -L "/lib/x86_64-linux-gnu/$library" "$root/lib/x86_64-linux-gnu/" 2>/dev/null ||
    cp -L "/usr/lib/x86_64-linux-gnu/$library" "$root/lib/x86_64-linux-gnu/"
done
# mkimage.sh sets all times to 0, and the archive holds the jars' ones.
find "$root/opt/flink/lib" -exec touch -d @0 {} +
install -D -m 755 deploy/image/class-archive "$root/usr/local/bin/class-archive"
mkdir -p "$root/dev"
echo '127.0.0.1 localhost' > "$root/etc/hosts"
# shellcheck disable=SC2016
unshare --pid --fork --kill-child --mount --uts bash -c 'hostname localhost && mount --rbind /dev "$1/dev" && mount -t proc proc "$1/proc" &&
  chroot "$1" env -i PATH=/usr/local/bin:/opt/java/bin:/bin \
    class-archive --job-classname io.flinkha.demo.CountJob --dir /tmp/class-archive --records 100000000 --rate 200 &&
  rm -rf "$1/tmp/class-archive"' - "$root"
env='"CLASS_ARCHIVE=@/opt/flink/archive/java.options",' image flink-ha-demo "$root" Cmd sleep 2147483647
ls -l "$out"
