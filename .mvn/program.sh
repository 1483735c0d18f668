#!/bin/bash
# Puts a program that the build has made in its place, whole or not at all: bash program.sh start|finish MODULE...
# The first module is the program's own, the others are in its jar. What target/PROGRAM.sources is there for was built
# from just that; it goes first and comes last, so that a build that fails or is killed counts as none.
set -euo pipefail
what=$1 program=$2 archive=$3 java=$4
shift 4
target=$1/target
. .mvn/sources.sh

case $what in
  start)
    mkdir -p "$target"
    rm -rf "$target/$program.sources" "$target/new"
    sources "$@" >"$target/$program.sources.new"
    ;;
  finish)
    new=$target/new/$program
    [[ -e $new.jar ]] || { mkdir -p "$target/new" && cp "$target/$1-module.jar" "$new.jar"; }
    mv "$new.jar" "$target/$program.jar" # what runs keeps the file that it has open
    cat syscalls/java.options >"$new.options"
    if [[ $archive != none ]]; then
      # The archive knows the jar by its path. A JVM may crash on a part of one.
      if timeout 60 "$java" @syscalls/java.options -XX:ArchiveClassesAtExit="$new.jsa" \
        "-Djffi.boot.library.path=$PWD/$target/jni" -cp "$PWD/$target/$program.jar" syscalls.Training container.Container; then
        chmod u+w "$new.jsa" # the JVM makes it read-only
        mv "$new.jsa" "$target/$program.jsa"
      else
        [[ $archive == optional ]]
        rm -f "$target/$program.jsa"
      fi
      cat syscalls/step.options >>"$new.options"
      printf '"%s"\n' "-XX:SharedArchiveFile=$PWD/$target/$program.jsa" "-Djffi.boot.library.path=$PWD/$target/jni" |
        sed 's/\\/\\\\/g' >>"$new.options"
    fi
    mv "$new.options" "$target/$program.options"
    mv "$target/$program.sources.new" "$target/$program.sources"
    ;;
esac
