#!/bin/bash
# Around the build of a module: bash program.sh start|finish PROGRAM ARCHIVE JAVA MODULE..., the module to build first,
# then those that are in its jar.
#
# target/PROGRAM.sources has an empty file for each of their sources, with its time. It goes first and comes last: a
# build that fails or is killed counts as none, whatever it has left.
set -euo pipefail
what=$1 program=$2 archive=$3 java=$4
shift 4
target=$1/target
new=$target/new
. .mvn/sources.sh

start() {
  rm -rf "$target/$program.sources" "$new"
  mkdir -p "$new"
  # Maven compiles what is newer than its class file. What was restored with an old time is not.
  sources . "$1"
  are_recorded . "$target/compiled" || rm -rf "$target"/{classes,maven-status,compiled}
  record "$target/compiled"
  # Of the other modules what they were compiled from, earlier in this build.
  record "$new/sources"
  for module in "${@:2}"; do
    cp -a "$module/target/compiled/." "$new/sources"
  done
}

record() { # DIRECTORY
  mkdir -p "$1"
  cp --parents --attributes-only --preserve=timestamps -- "${files[@]}" "$1"
}

finish() {
  [[ -e $new/$program.jar ]] || cp "$target/$1-module.jar" "$new/$program.jar"
  mv "$new/$program.jar" "$target" # what runs keeps the file that it has open
  cat syscalls/java.options >"$new/$program.options"
  if [[ $archive != none ]]; then
    make_archive || [[ $archive == optional ]]
    printf '# %s\n' "$PWD" | cat - syscalls/{java,step}.options >"$new/$program.options"
    printf '"%s"\n' "-XX:SharedArchiveFile=$PWD/$target/$program.jsa" "-Djffi.boot.library.path=$PWD/$target/jni" \
      >>"$new/$program.options"
  fi
  mv "$new/$program.options" "$target"
  mv "$new/sources" "$target/$program.sources"
}

make_archive() { # it knows the jar by its path; a JVM may crash on a part of one
  rm -f "$target/$program.jsa"
  timeout 60 "$java" @syscalls/java.options -XX:ArchiveClassesAtExit="$new/$program.jsa" \
    "-Djffi.boot.library.path=$PWD/$target/jni" \
    -cp "$PWD/$target/$program.jar" syscalls.Training container.Container &&
    chmod u+w "$new/$program.jsa" && # the JVM makes it read-only
    mv "$new/$program.jsa" "$target"
}

"$what" "$@"
