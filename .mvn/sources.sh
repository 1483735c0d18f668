# shellcheck shell=bash
# The files that modules are built from: for the build, which records their times, and for lab, which compares them. No
# process is started here: that would take as long as all the rest of lab.

sources() { # FOLDER MODULE...; sets `files`, with names in that folder
  local module file
  files=(pom.xml syscalls/{java,step}.options)
  shopt -s globstar nullglob
  for module in "${@:2}"; do
    for file in "$1/$module/pom.xml" "$1/$module"/src/main/**; do
      [[ ! -f $file ]] || files+=("${file#"$1/"}")
    done
  done
  shopt -u nullglob
}

# Equal times, not older ones: what is restored may have an old time, and a future one is a time like others.
are_recorded() { # FOLDER RECORD: whether `files` are all that is recorded, with the same times
  local file recorded=()
  for file in "$2"/**; do
    [[ -d $file ]] || recorded+=("$file")
  done
  [[ ${#files[@]} == "${#recorded[@]}" ]] || return 1
  for file in "${files[@]}"; do
    [[ -e $2/$file && ! $1/$file -nt $2/$file && ! $1/$file -ot $2/$file ]] || return 1
  done
}
