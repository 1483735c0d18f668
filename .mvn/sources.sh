# shellcheck shell=bash
# What modules are built from, one line a file: for the build, which records it, and for lab, which compares. Only
# equality counts: what was restored with an old time is another file, and a time in the future is a time like others.
sources() { # MODULE..., in the checkout's folder
  local module file files=(pom.xml)
  set +f
  shopt -s globstar nullglob
  for module; do
    for file in "$module/pom.xml" "$module"/src/main/**; do
      [[ ! -f $file ]] || files+=("$file")
    done
  done
  stat -c '%n %s %.9Y' -- "${files[@]}"
}
