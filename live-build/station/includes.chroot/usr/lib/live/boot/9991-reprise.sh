#!/bin/sh
# Reprise's part of live-boot (sourced in the initramfs after live-boot's own files, whose functions
# find_livefs, copy_live_to and panic it replaces). Of what 9991-reprise-drives.sh shows, only the medium
# with this very build is kept.

# What the station needs beside a copy of the medium in memory: see "1 GiB is enough" in issue 2.
REPRISE_RESERVE_KIB=$((900 * 1024))

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
		reprise_note_why_not
		umount "${mountpoint}"
	done
	return 1
}

# Why what is mounted is not our medium, for reprise_not_found.
reprise_note_why_not ()
{
	[ -e "${mountpoint}/reprise/image-id" ] || return 0
	mkdir -p /run/reprise
	if cmp -s /conf/reprise-image-id "${mountpoint}/reprise/image-id"
	then
		: > /run/reprise/cut-off
	else
		: > /run/reprise/other-build
	fi
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
	if [ -e /run/reprise/cut-off ]
	then
		reprise_stop "la copie de Reprise sur la clé est incomplète." "${write}" \
			"the copy of Reprise on the stick is incomplete." "${again}"
	fi
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
