#!/bin/sh
# Reprise's start from the network (sourced in the initramfs after 9991-reprise.sh, whose find_livefs
# calls reprise_network_livefs). Asked for by the start menus that live-build/netboot.py writes:
#
#   reprise.netboot=http://SERVER:PORT/   the folder of “make netboot”, as the medium would hold it
#   reprise.netboot.list=SHA256           digest of its files.list, which has one for every file
#   BOOTIF=01-aa-bb-cc-dd-ee-ff           the card that the PC started from
#
# live-boot's own network start checks no digest, configures cards that nobody asked for and leaves
# an address behind that NetworkManager would not renew: nothing of it is used. No drive is mounted.

# What the station needs beside its file system in memory: less, and it would die in the middle.
REPRISE_LEAST_KIB=$((400 * 1024))
REPRISE_LINK_SECONDS=90   # a switch with spanning tree lets nothing through for 30 to 50 s
REPRISE_TRIES=3

reprise_network_stop ()
{
	reprise_stop "${1}" \
		"Vérifiez le câble, et que « reprise netboot » tourne encore ; ou démarrez depuis une clé." \
		"${2}" \
		"Check the cable, and that reprise netboot still runs; or start from a stick."
}

# Wired cards, the one that the PC started from first.
reprise_cards ()
{
	first="$(reprise_word BOOTIF | tr 'A-F-' 'a-f:')"
	first="${first#??:}"
	others=""
	for card in /sys/class/net/*
	do
		[ -e "${card}/device" ] && [ ! -e "${card}/phy80211" ] || continue
		if [ "$(cat "${card}/address")" = "${first}" ]
		then
			echo "${card##*/}"
		else
			others="${others} ${card##*/}"
		fi
	done
	for card in ${others}
	do
		echo "${card}"
	done
}

# Gives one card an address by DHCP and prints its name. Returns 1 where there is no card, 2 where no
# cable is plugged in, 3 where no DHCP server answers.
reprise_link ()
{
	modprobe -q af_packet
	end="$(($(cut -d. -f1 /proc/uptime) + REPRISE_LINK_SECONDS))"
	while :
	do
		seen=1
		for card in $(reprise_cards)
		do
			[ "${seen}" -gt 1 ] || seen=2
			ip link set "${card}" up
			[ "$(cat "/sys/class/net/${card}/carrier" 2> /dev/null)" = 1 ] || continue
			seen=3
			ipconfig -t 10 -c dhcp -d "${card}" >&2
			if [ -s "/run/net-${card}.conf" ]
			then
				netinfo_to_resolv_conf /etc/resolv.conf "/run/net-${card}.conf"
				echo "${card}"
				return 0
			fi
		done
		[ "$(cut -d. -f1 /proc/uptime)" -lt "${end}" ] || return "${seen}"
		sleep 1
	done
}

# NetworkManager sets the card up afresh; a card that has an address already, it would leave alone.
reprise_unlink ()
{
	ip addr flush dev "${1}"
	ip link set "${1}" down
	rm -f "/run/net-${1}.conf" /etc/resolv.conf
}

# Fetches one file and compares its digest. Returns 1 where it did not come, 2 where it is another.
reprise_fetch () # address, file, SHA-256
{
	left="${REPRISE_TRIES}"
	while :
	do
		left="$((left - 1))"
		rm -f "${2}.cut"
		found="$({ wget -q -T 30 -O - "${1}" || : > "${2}.cut"; } | tee "${2}" | sha256sum)"
		result=2
		[ ! -e "${2}.cut" ] || result=1
		rm -f "${2}.cut"
		[ "${result}" -eq 1 ] || [ "${found%% *}" != "${3}" ] || return 0
		[ "${left}" -gt 0 ] || return "${result}"
		sleep 2
	done
}

# Fetches the files that a list (lines “SHA256 BYTES NAME” on standard input) names.
reprise_fetch_all () # address of the folder, folder
{
	while read -r digest _bytes name
	do
		mkdir -p "$(dirname "${2}/${name}")"
		if ! reprise_fetch "${1}${name}" "${2}/${name}" "${digest}"
		then
			echo "${name}"
			return 1
		fi
	done
}

# KiB that the files of a list take in a tmpfs.
reprise_kib_of ()
{
	awk '{ pages += int(($2 + 4095) / 4096) } END { print pages * 4 + 1024 }'
}

# Prints the mount point with everything in it, or ends the start.
reprise_network_livefs ()
{
	url="$(reprise_word reprise.netboot)"
	url="${url%/}/"
	reprise_step "Démarrage par le réseau : ${url}" "Starting from the network: ${url}"
	card="$(reprise_link)"
	case "$?" in
		1) reprise_network_stop "aucune carte réseau n'est reconnue." "no network card is known." ;;
		2) reprise_network_stop "aucun câble réseau n'est branché." "no network cable is plugged in." ;;
		3) reprise_network_stop "aucun serveur DHCP ne répond." "no DHCP server answers." ;;
	esac
	list=/run/reprise/files.list
	mkdir -p /run/reprise
	reprise_fetch "${url}files.list" "${list}" "$(reprise_word reprise.netboot.list)"
	case "$?" in
		1) reprise_network_stop "${url} ne répond pas." "${url} does not answer." ;;
		2) reprise_network_stop "${url} n'est plus celui du menu de démarrage." \
			"${url} is not what the start menu came from." ;;
	esac
	reprise_network_files "${url}"
	reprise_network_settings "${url}"
	reprise_unlink "${card}"
	echo "network=${url}" > /run/reprise/medium
	echo yes > /run/reprise/toram
	echo "${mountpoint}"
}

# The medium, in memory; the systems to install only where they leave the station enough.
reprise_network_files ()
{
	grep -E ' (live|reprise)/' "${list}" > "${list}.all"
	grep -v ' reprise/os/' "${list}.all" > "${list}.least"
	available="$(reprise_kib_available)"
	needed="$(reprise_kib_of < "${list}.all")"
	if [ "$((available - needed))" -lt "${REPRISE_RESERVE_KIB}" ]
	then
		mv "${list}.least" "${list}.all"
		needed="$(reprise_kib_of < "${list}.all")"
		echo no-system > /run/reprise/left-out
		[ "$((available - needed))" -ge "${REPRISE_LEAST_KIB}" ] || reprise_stop \
			"ce PC a trop peu de mémoire pour démarrer par le réseau." \
			"Démarrez-le depuis une clé." \
			"this PC has too little memory to start from the network." \
			"Start it from a stick."
	fi
	mount -t tmpfs -o "size=${needed}k,mode=755" tmpfs "${mountpoint}"
	mkdir -p "${mountpoint}/live"
	words="$(reprise_said "Téléchargement " "Downloading")"
	reprise_show_progress "${words}" "${mountpoint}" "${needed}" > /dev/null &
	progress="${!}"
	missing="$(reprise_fetch_all "${1}" "${mountpoint}" < "${list}.all")"
	result="$?"
	kill "${progress}"
	printf '\r%38s\r' "" > /dev/console
	[ "${result}" -eq 0 ] || reprise_network_stop \
		"${missing} n'a pas été reçu en entier." "${missing} did not arrive completely."
	mount -o remount,ro "${mountpoint}"
	rm -f "${list}" "${list}.all" "${list}.least"
	cmp -s /conf/reprise-image-id "${mountpoint}/reprise/image-id" || reprise_stop \
		"le noyau et le système du serveur ne correspondent pas." "Refaites « make netboot »." \
		"the server's kernel and system do not belong together." "Run make netboot again."
}

# What an organisation put beside: to where the station looks for it, root only. No private key is
# among them ("reprise netboot" serves none).
reprise_network_settings ()
{
	settings=/run/reprise/memory
	( umask 077; mkdir -p "${settings}" )
	if wget -q -T 30 -O /run/reprise/settings.list "${1}settings/files.list" &&
		! grep -qE ' [^ ]*/' /run/reprise/settings.list
	then
		missing="$(umask 077; reprise_fetch_all "${1}settings/" "${settings}" < /run/reprise/settings.list)" &&
			rm /run/reprise/settings.list && return 0
	else
		missing="settings/files.list"
	fi
	reprise_network_stop "les réglages de l'organisme manquent (${missing})." \
		"the organisation's settings are missing (${missing})."
}
