# fish: see the file for bash beside this one.
function __fish_reprise
    set -lx _ARGCOMPLETE 1
    set -lx _ARGCOMPLETE_SHELL fish
    set -lx _ARGCOMPLETE_DFS \t
    set -lx _ARGCOMPLETE_IFS \n
    set -lx _ARGCOMPLETE_SUPPRESS_SPACE 1
    set -lx COMP_LINE (commandline -p)
    set -lx COMP_POINT (string length (commandline -cp))
    set -lx COMP_TYPE
    reprise 8>&1 9>&2 >/dev/null 2>&1 </dev/null
end
complete -c reprise -f -a '(__fish_reprise)'
