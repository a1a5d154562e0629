# bash completion for pat

# _pat asks pat what could stand where the cursor is. The command line is handed
# over as it is; nothing of it is evaluated.
_pat() {
    COMPREPLY=()
    local line=${COMP_LINE:0:COMP_POINT} program=$1 answer options='' reply
    # A token must not become an argument, which others can read.
    [[ $line != *eyJ* ]] || return 0
    program=${program/#\~\//$HOME/}
    type -P "$program" >/dev/null || program=pat
    answer=$(command "$program" __bash "$line" "$2" "${COMP_TYPE-}" "${COLUMNS:-80}" 2>/dev/null </dev/null) || return 0
    while IFS= read -r reply; do
        if [[ -z $options ]]; then
            options=$reply
        else
            COMPREPLY+=("$reply")
        fi
    done <<<"$answer"
    type compopt &>/dev/null || return 0
    [[ $options == *files* ]] || compopt +o default
    [[ $options != *nospace* ]] || compopt -o nospace
    # Before 4.4 bash always sorts.
    [[ $options != *nosort* ]] || compopt -o nosort 2>/dev/null
    return 0
}

complete -o default -F _pat pat
