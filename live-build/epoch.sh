# Sourced by the image builds (POSIX sh), which define $top, the checkout, and refuse. Sets the time that
# everything in an image bears: the commit's, unless SOURCE_DATE_EPOCH says another; in a copy without
# Git, now. And $commit, its name.

# In somebody else's clone, too, where Git would refuse root ("dubious ownership"): whoever runs this
# script trusts the clone already.
git_here() { git -c safe.directory="$top" -C "$top" "$@"; }

commit=unknown
epoch=$(date +%s)
if [ -e "$top/.git" ]; then
    { commit=$(git_here describe --always --dirty --exclude '*') && epoch=$(git_here log -1 --format=%ct); } ||
        refuse "Git cannot read the commit of $top: the image would bear a wrong name and date"
fi
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$epoch}
export SOURCE_DATE_EPOCH
