# What stands in dist/bin: `node`, `flag`, `main` and `shared`, the words that scripts know from everywhere, are set above. Such a
# word is the next program of that name along PATH if there is one, unless one of --target, --json and --help stands behind it.
word=${0##*/}

is_ours() {
  case $shared in *" $word "*) ;; *) return 0 ;; esac
  for each; do
    case $each in
      --) return 1 ;;
      --target | --target=* | --json | --help) return 0 ;;
    esac
  done
  return 1
}

try_theirs() {
  rest=:$PATH:
  case $rest in *":${0%/*}:"*) rest=${rest#*":${0%/*}:"} ;; esac
  while [ "$rest" ]; do
    program=${rest%%:*}/$word rest=${rest#*:}
    if [ -f "$program" ] && [ -x "$program" ] && ! [ "$program" -ef "$0" ]; then exec "$program" "$@"; fi
  done
}

is_ours "$@" || try_theirs "$@"
exec "$node" "$flag" "$main" "$word" "$@"
