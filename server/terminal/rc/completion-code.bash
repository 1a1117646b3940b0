# Completes the words of ditty. The tables above come from the tools' own flags: what a command has for flags, what a flag takes
# for its value ("command flag"), and what stands without a flag. They hold words, and <kinds> that are looked up here.

__ditty_complete() {
  local command=${1##*/} current offer
  local -a words
  COMPREPLY=()
  if ! __ditty_is_ours "$1"; then
    # Another program of that name comes first on PATH: from now on that is completed as the shell does without us.
    complete -r "$command" 2>/dev/null
    complete -p -D >/dev/null 2>&1 && return 124
    compopt -o bashdefault -o default
    return
  fi
  __ditty_join "$2"
  current=${words[${#words[@]} - 1]}
  if [[ ${__ditty_shared[$command]} ]] && ! __ditty_is_asked; then
    # The system's own program will run: nothing is known of its flags but those that make it ours.
    if [[ $current == --* ]]; then __ditty_offer '--target --json --help' "$current" ''; fi
    compopt -o bashdefault -o default
    return
  fi
  if [[ $command == ditty ]]; then __ditty_find_command; fi
  __ditty_find_offer
  # Of a word such as --type=A or @10, readline replaces what stands behind its last break.
  local kept=${current%"$2"}
  COMPREPLY=("${COMPREPLY[@]#"$kept"}")
}

# Applets are links to ditty.
__ditty_is_ours() {
  if [[ $1 == */* ]]; then return; fi
  hash ditty "$1" 2>/dev/null && [[ ${BASH_CMDS[$1]} -ef ${BASH_CMDS[ditty]} ]]
}

# Whether a word before the cursor makes a shared word ours.
__ditty_is_asked() {
  local word
  for word in "${words[@]:1:${#words[@]} - 2}"; do
    case $word in
      --) return 1 ;;
      --target | --target=* | --json | --help) return 0 ;;
    esac
  done
  return 1
}

# The words up to the cursor as the command would get them: readline breaks them at = and : and @, too.
__ditty_join() {
  local line=${COMP_LINE:0:COMP_POINT} piece rest
  words=()
  for piece in "${COMP_WORDS[@]:0:COMP_CWORD}"; do
    rest=${line#"${line%%[![:space:]]*}"}
    if [[ $rest == "$line" && ${#words[@]} -gt 0 ]]; then words[${#words[@]} - 1]+=$piece
    else words+=("$piece"); fi
    line=${rest#"$piece"}
  done
  rest=${line#"${line%%[![:space:]]*}"}
  if [[ $rest == "$line" && $rest && ${#words[@]} -gt 1 ]]; then words[${#words[@]} - 1]+=$rest
  else words+=("$rest"); fi
}

# `ditty NAME …` is a command of its own, and `ditty dig …` is dig.
__ditty_find_command() {
  local name=${words[1]}
  ((${#words[@]} > 2)) || return
  if [[ ${__ditty_flags["ditty $name"]+known} ]]; then command="ditty $name"
  elif [[ ${__ditty_flags[$name]+known} ]]; then command=$name
  else command='none of them'; fi
  words=("$command" "${words[@]:2}")
}

__ditty_find_offer() {
  local before=${words[${#words[@]} - 2]} flag
  local key="$command $before"
  if [[ $current == -*=* ]]; then
    flag=${current%%=*}
    __ditty_offer "${__ditty_values["$command $flag"]}" "${current#*=}" "$flag="
  elif ((${#words[@]} > 2)) && [[ ${__ditty_values[$key]+takes} ]]; then
    __ditty_offer "${__ditty_values[$key]}" "$current" ''
  elif ((${#words[@]} > 2)) && __ditty_ends_cluster "$before"; then
    __ditty_offer "${__ditty_values["$command -${before: -1}"]}" "$current" ''
  elif [[ $current == -* ]]; then __ditty_offer "${__ditty_flags[$command]}" "$current" ''
  else __ditty_offer "${__ditty_operands[$command]}" "$current" ''; fi
}

# Whether the last of several letters takes a value: the -o of -so.
__ditty_ends_cluster() {
  [[ $1 == -[!-]?* && ${__ditty_values["$command -${1: -1}"]+takes} ]] && ! [[ " ${__ditty_flags[$command]} " == *" $1 "* ]]
}

# Fills COMPREPLY with what an offer holds for a word. What stands before the word is kept: `--type=`, `pid,` of a list.
__ditty_offer() {
  local offer=$1 word=$2 kept=$3 one
  if [[ $offer == ,* ]]; then
    kept+=${word%"${word##*,}"}
    word=${word##*,}
  fi
  for one in ${offer#,}; do
    case $one in
      '<file>') compopt -o default 2>/dev/null ;;
      '<@file>') __ditty_data_file ;;
      '<host>') __ditty_hosts '' ;;
      '<@server>') [[ $word == @* ]] && __ditty_servers ;;
      '<url>') __ditty_urls ;;
      '<pid>') __ditty_pids ;;
      '<user>') __ditty_users ;;
      *) __ditty_word "$one" ;;
    esac
  done
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]]; then compopt -o nospace 2>/dev/null; fi
}

# Words of signs are many: they wait for their sign. Letters count in either case, but not those of flags.
__ditty_word() {
  case $1 in
    [-+@]*) [[ $word && $1 == "$word"* ]] && COMPREPLY+=("$kept$1") ;;
    *) [[ ${1,,} == "${word,,}"* ]] && COMPREPLY+=("$kept$1") ;;
  esac
}

# curl's @FILE for data.
__ditty_data_file() {
  [[ $word == @* ]] || return
  local file
  for file in "${word#@}"*; do
    if [[ -d $file ]]; then COMPREPLY+=("$kept@$file/")
    elif [[ -e $file ]]; then COMPREPLY+=("$kept@$file"); fi
  done
}

# Names of /etc/hosts, and the Services of the pod's namespace, which Kubernetes tells by the environment.
__ditty_hosts() {
  local before=$1 name line
  local -a fields
  while read -r line; do
    read -ra fields <<<"${line%%#*}"
    for name in "${fields[@]:1}"; do __ditty_word "$before$name"; done
  done 2>/dev/null </etc/hosts
  for name in $(compgen -e); do
    [[ $name == *_SERVICE_HOST ]] || continue
    name=${name%_SERVICE_HOST} name=${name,,}
    __ditty_word "$before${name//_/-}"
  done
}

__ditty_servers() {
  local keyword address
  while read -r keyword address _; do
    [[ $keyword == nameserver ]] && __ditty_word "@$address"
  done 2>/dev/null </etc/resolv.conf
  __ditty_hosts @
}

__ditty_urls() {
  case $word in
    http://* | https://*) __ditty_hosts "${word%%//*}//" ;;
    *)
      __ditty_word http://
      __ditty_word https://
      [[ $word ]] && __ditty_hosts ''
      ;;
  esac
}

__ditty_pids() {
  local directory
  for directory in /proc/[0-9]*; do __ditty_word "${directory#/proc/}"; done
}

__ditty_users() {
  local name
  while IFS=: read -r name _; do __ditty_word "$name"; done 2>/dev/null </etc/passwd
}
