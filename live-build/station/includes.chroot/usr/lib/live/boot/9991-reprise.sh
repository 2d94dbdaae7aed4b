#!/bin/sh
# Reprise's part of live-boot (sourced in the initramfs after live-boot's own files, whose functions
# find_livefs, copy_live_to and panic it replaces).
#
# live-boot mounts every file system of every drive, the PC's own included, while it looks for its
# medium; a read-only mount of ext4, XFS or NTFS still replays the journal, that is, writes. Here only an
# ISO 9660 file system with our label is ever mounted, and FAT or exFAT on what can be plugged in: Rufus's
# ISO mode, or the ISO's files copied onto a stick. Only the one with this very build is kept.
# docs/decisions/0217-stick-layouts.md

REPRISE_LABEL=REPRISE_LIVE
# What the station needs beside a copy of the medium in memory: see "1 GiB is enough" in issue 2.
REPRISE_RESERVE_KIB=$((900 * 1024))
# The firmware has just read the stick; the kernel takes 2 to 8 s to find it again.
REPRISE_INSIDE_SECONDS=10

# Value of a word of the kernel's command line.
reprise_word ()
{
	for word in $(cat /proc/cmdline)
	do
		case "${word}" in
			"${1}"=*)
				echo "${word#*=}"
				return 0
				;;
		esac
	done
	return 1
}

# One sentence of two, in the language of the start menu's entry.
reprise_said () # French, English
{
	if [ "$(reprise_word reprise.lang)" = en ]
	then
		echo "${2}"
	else
		echo "${1}"
	fi
}

# What the start is doing, under what /scripts/init-top/reprise said.
reprise_step () # French, English
{
	printf '  %s\n' "$(reprise_said "$@")" > /dev/console
}

reprise_from_network ()
{
	reprise_word reprise.netboot > /dev/null
}

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
# for as long as it is mounted (see adapters/stick_plain.py).
reprise_options () # file system
{
	case "${1}" in
		vfat) echo ro,noatime,nosuid,nodev,umask=0077,flush ;;
		exfat) echo ro,noatime,nosuid,nodev,umask=0077 ;;
		*) echo ro,noatime ;;
	esac
}

# Prints the mount point when the medium was found. ${1}: seconds since the search began. A start
# from the network looks at no drive at all (see 9992-reprise-network.sh).
find_livefs ()
{
	mkdir -p "${mountpoint}"
	if reprise_from_network
	then
		reprise_network_livefs
		return
	fi
	case "${1}" in
		0) reprise_step "Recherche de la clé." "Looking for the stick." ;;
		15) reprise_step "La clé n'est pas trouvée : recherche jusqu'à 60 s." \
			"The stick is not found: looking for up to 60 s." ;;
	esac
	for candidate in $(reprise_candidates "${1}")
	do
		node="${candidate%:*}"
		type="${candidate##*:}"
		mount -t "${type}" -o "$(reprise_options "${type}")" "${node}" "${mountpoint}" || continue
		if [ -e "${mountpoint}/live/filesystem.squashfs" ] && \
			cmp -s /conf/reprise-image-id "${mountpoint}/reprise/image-id"
		then
			mkdir -p /run/reprise
			{
				echo "node=${node}"
				udevadm info --query=property --name="${node}" | \
					sed -n 's/^\(DEVPATH\|ID_BUS\|ID_SERIAL\|ID_SERIAL_SHORT\|ID_FS_TYPE\|ID_FS_UUID\)=/\1=/p'
			} > /run/reprise/medium
			echo no > /run/reprise/toram
			echo "${mountpoint}"
			return 0
		fi
		if [ -e "${mountpoint}/reprise/image-id" ]
		then
			mkdir -p /run/reprise
			: > /run/reprise/other-build
		fi
		umount "${mountpoint}"
	done
	return 1
}

reprise_kib_available ()
{
	awk '/^MemAvailable:/ { print $2 }' /proc/meminfo
}

# The count of a copy, every second, for as long as its folder is there or until it is killed.
reprise_show_progress () # words, folder, KiB in all
{
	while sleep 1 && [ -d "${2}/live" ]
	do
		done_kib="$(du -sk "${2}" | cut -f1)"
		printf '\r  %s: %3d %%' "${1}" "$((done_kib * 100 / ${3}))" > /dev/console
	done
}

# Called for every start (TORAM below), last before the system.
copy_live_to ()
{
	reprise_copy "${1}"
	reprise_step "Le système démarre." "The system starts."
}

# Copies the medium to memory when enough is left, and says in /run/reprise/toram whether the stick may
# be pulled. Any failure leaves the system on the stick.
reprise_copy ()
{
	from="${1}"
	copy="${from}_copy"

	reprise_from_network && return 0
	grep -qw notoram /proc/cmdline && return 0

	needed="$(du -sk "${from}/live/filesystem.squashfs" "${from}/reprise" | awk '{ s += $1 } END { print s + 1024 }')"
	[ "$(($(reprise_kib_available) - needed))" -ge "${REPRISE_RESERVE_KIB}" ] || return 0

	mkdir -p "${copy}"
	mount -t tmpfs -o "size=${needed}k,mode=755" tmpfs "${copy}" || return 0
	mkdir "${copy}/live"
	words="$(reprise_said "Copie en mémoire " "Copying to memory")"
	reprise_show_progress "${words}" "${copy}" "${needed}" &
	progress="${!}"
	if cp "${from}/live/filesystem.squashfs" "${copy}/live/" && cp -a "${from}/reprise" "${copy}/" && \
		umount "${from}"
	then
		mount -o move "${copy}" "${from}"
		mount -o remount,ro "${from}"
		echo yes > /run/reprise/toram
	else
		umount "${copy}"
	fi
	kill "${progress}" 2>/dev/null
	printf '\r%38s\r' "" > /dev/console
	[ "$(cat /run/reprise/toram)" = no ] || reprise_step "Copié en mémoire." "Copied to memory."
	rmdir "${copy}"
	return 0
}

# Ends the start: what happened and what to do, in French and in English, then live-boot's own end.
reprise_stop ()
{
	exec 1>&6 2>&7
	[ -z "${tailpid}" ] || kill "${tailpid}"
	fold -s -w 62 > /dev/console <<-MESSAGE

		Reprise n'a pas pu démarrer : ${1}
		Rien n'a été écrit sur les disques de ce PC. ${2}

		Reprise could not start: ${3}
		Nothing was written to this PC's drives. ${4}

	MESSAGE
	. /scripts/functions
	panic
}

# The search came to its end: what was seen, and what to do.
reprise_not_found ()
{
	write="Réécrivez-la avec balenaEtcher, ou avec Rufus en « mode Image DD »."
	again="Write it again with balenaEtcher, or with Rufus in \"DD Image mode\"."
	if [ -e /run/reprise/other-build ]
	then
		reprise_stop "la clé porte une autre version de Reprise que celle qui démarre." "${write}" \
			"the stick holds another version of Reprise than the one that starts." "${again}"
	fi
	for block in /sys/class/block/*
	do
		node="/dev/${block##*/}"
		if [ "$(reprise_type "${node}")" = ntfs ] && reprise_plugged "${node}"
		then
			reprise_stop "la clé est formatée en NTFS." "${write}" \
				"the stick is formatted with NTFS." "${again}"
		fi
	done
	reprise_stop "le système n'est sur aucune clé." "Essayez un autre port USB. ${write}" \
		"the system is on no stick." "Try another USB port. ${again}"
}

panic ()
{
	if reprise_from_network
	then
		reprise_network_stop "$*" "$*"
	elif [ "${*#Unable to find a medium}" != "$*" ]
	then
		reprise_not_found
	else
		reprise_stop "$*" "Essayez un autre port USB, ou réécrivez la clé." \
			"$*" "Try another USB port, or write the stick again."
	fi
}

TORAM=true
