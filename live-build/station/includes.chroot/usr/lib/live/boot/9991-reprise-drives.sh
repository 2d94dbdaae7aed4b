#!/bin/sh
# Where Reprise's medium may be, and what of it may be mounted (sourced in the initramfs beside
# 9991-reprise.sh, which looks there).
#
# live-boot mounts every file system of every drive, the PC's own included, while it looks for its
# medium; a read-only mount of ext4, XFS or NTFS still replays the journal, that is, writes. Here only an
# ISO 9660 file system with our label is ever mounted, and FAT or exFAT on what can be plugged in: Rufus's
# ISO mode, or the ISO's files copied onto a stick. docs/decisions/0217-stick-layouts.md

REPRISE_LABEL=REPRISE_LIVE
# The firmware has just read the stick; the kernel takes 2 to 8 s to find it again.
REPRISE_INSIDE_SECONDS=10

# Where a drive or partition (a folder of /sys/class/block) hangs: usb, disc, card, or inside the PC. A
# USB port that the firmware calls fixed (Documentation/ABI/testing/sysfs-bus-usb, "removable") is inside,
# unless something on the way to it can be unplugged, or nobody knows of it.
reprise_place ()
{
	folder="$(readlink -f "${1}")"
	case "${folder}" in
		*/usb[0-9]*/*)
			;;
		*/block/sr[0-9]*)
			echo disc
			return
			;;
		*/mmc_host/*)
			if [ "$(cat "${folder%/block/*}/type")" = SD ]
			then
				echo card
			else
				echo inside
			fi
			return
			;;
		*)
			echo inside
			return
			;;
	esac
	place=""
	while [ -n "${folder}" ]
	do
		case "$(cat "${folder}/removable" 2> /dev/null)" in
			removable)
				place=usb
				break
				;;
			fixed)
				place="${place:-inside}"
				;;
			unknown)
				case "${folder##*/}" in
					usb*)  # the root hub: no port leads to it
						;;
					*)
						place=usb
						;;
				esac
				;;
		esac
		folder="${folder%/*}"
	done
	echo "${place:-usb}"
}

# What may be the medium, most likely first. The same image may stand on a drive inside the PC, where it
# was written by mistake or to try it: the stick is meant then, and what is inside waits for it.
#
# Partitions before whole drives: a mounted whole drive would keep the station from making the data
# partition on the stick. First of all where Ventoy maps the blocks of our ISO file on its own stick
# (its hook for Debian does so before this is called); no drive of a PC has that name.
reprise_nodes () # seconds since the search began
{
	echo /dev/mapper/ventoy
	places="usb disc card"
	[ "${1}" -lt "${REPRISE_INSIDE_SECONDS}" ] || places="${places} inside"
	for wanted in ${places}
	do
		for kind in partition disk
		do
			for block in /sys/class/block/*
			do
				name="${block##*/}"
				case "${name}" in
					loop*|ram*|dm-*|md*|zram*|fd*)
						continue
						;;
				esac
				grep -qx "DEVTYPE=${kind}" "${block}/uevent" || continue
				[ "$(reprise_place "${block}")" = "${wanted}" ] || continue
				echo "/dev/${name}"
			done
		done
	done
}

# Whether a node hangs on USB, on a port that firmware calls fixed, too, or is a card. A drive of the PC's
# own is neither, whatever somebody copied onto its FAT partition.
reprise_plugged () # node
{
	block="/sys/class/block/${1##*/}"
	case "$(readlink -f "${block}")" in
		*/usb[0-9]*/*)
			return 0
			;;
	esac
	[ "$(reprise_place "${block}")" = card ]
}

reprise_type () # node
{
	blkid -o value -s TYPE "${1}" 2>/dev/null
}

# A drive is there a moment before its partitions are, and our image begins like a disc: mounted as a
# whole, for good, it would let the station make and mount no data partition on it. So a whole drive
# that is no disc waits for them.
reprise_too_early () # node, seconds since the search began
{
	block="/sys/class/block/${1##*/}"
	[ "${2}" -lt "${REPRISE_INSIDE_SECONDS}" ] || return 1
	grep -qx DEVTYPE=disk "${block}/uevent" 2> /dev/null || return 1
	[ "$(reprise_place "${block}")" != disc ]
}

# Prints NODE:TYPE.
reprise_candidates () # seconds since the search began
{
	for node in $(reprise_nodes "${1}")
	do
		[ -b "${node}" ] || continue
		type="$(reprise_type "${node}")"
		case "${type}" in
			iso9660)
				[ "$(blkid -o value -s LABEL "${node}" 2>/dev/null)" = "${REPRISE_LABEL}" ] || continue
				! reprise_too_early "${node}" "${1}" || continue
				;;
			vfat|exfat)
				reprise_plugged "${node}" || continue
				;;
			*)
				continue
				;;
		esac
		echo "${node}:${type}"
	done
}

# Reports name people's machines: where they lie on the same FAT, root alone reads it. These options hold
# for as long as it is mounted (see adapters/stick/files_only.py).
reprise_options () # file system
{
	case "${1}" in
		vfat) echo ro,noatime,nosuid,nodev,umask=0077,flush ;;
		exfat) echo ro,noatime,nosuid,nodev,umask=0077 ;;
		*) echo ro,noatime ;;
	esac
}
