#compdef pat

# zsh completion for pat

# _pat asks pat what could stand where the cursor is. Quotes are taken off the
# words; nothing of them is evaluated.
_pat() {
    local -a args replies entries options
    local program=${(Q)words[1]} directive entry
    # A token must not become an argument, which others can read.
    [[ "$words" != *eyJ* ]] || return 1
    program=${program/#\~\//$HOME/}
    (( $+commands[$program] )) || [[ $program == */* && -x $program ]] || program=pat
    args=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    replies=("${(@f)$(command "$program" __complete "${args[@]}" 2>/dev/null </dev/null)}")
    directive=${replies[-1]#:}
    [[ $directive == <-> ]] || return 1
    replies[-1]=()

    # The value of a flag, behind its =.
    [[ $PREFIX != -*=* ]] || compset -P '-[^=]#='
    for entry in "${replies[@]}"; do
        [[ -n $entry ]] || continue
        entry=${entry//\\/\\\\}
        entry=${entry//:/\\:}
        entries+=("${entry/$'\t'/:}")
    done
    (( directive & 2 )) && options+=(-S '')
    if (( ${#entries} )); then
        if (( directive & 32 )); then
            _describe -V 'pat' entries "${options[@]}"
        else
            _describe 'pat' entries "${options[@]}"
        fi
        return
    fi
    (( directive & 4 )) && return 1
    [[ $PREFIX != file:* ]] || compset -P 'file:'
    _files
}

# Read by the completion system the first time that it is needed, or sourced.
if [[ "${funcstack[1]}" == _pat ]]; then
    _pat "$@"
else
    compdef _pat pat
fi
