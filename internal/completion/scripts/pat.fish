# fish completion for pat

# __pat_complete asks pat what could stand where the cursor is. Quotes are taken
# off the words; nothing of them is evaluated.
function __pat_complete
    # A token must not become an argument, which others can read.
    string match -q -- '*eyJ*' (commandline -c); and return
    set -l words (commandline -opc)
    set -e words[1]
    set -l token (commandline -ct)
    set -l begun (string unescape -- "$token"; or string replace -r -- '^[\'"]' '' "$token")
    set -l replies (command pat __complete $words "$begun" 2>/dev/null </dev/null)
    set -q replies[1]; or return
    set -l directive (string replace -- ':' '' $replies[-1])
    set -e replies[-1]

    # The value of a flag, behind its =.
    set -l flag (string match -r -- '^-[^=]*=' "$begun")
    if set -q replies[1]
        printf '%s\n' "$flag"$replies
        return
    end
    test (math "floor($directive / 4) % 2") -eq 0; or return
    set -l before "$flag"(string match -r -- '^file:' (string replace -- "$flag" '' "$begun"); or echo)
    for path in (__fish_complete_path (string replace -- "$before" '' "$begun"))
        printf '%s\n' "$before$path"
    end
end

complete -c pat -e
complete -c pat -f -k -a '(__pat_complete)'
