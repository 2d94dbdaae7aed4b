# The time that everything in an image bears (sourced by the image builds; POSIX sh): the commit's,
# unless SOURCE_DATE_EPOCH says another; in a copy without Git, now. $top: the checkout.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$top" log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
