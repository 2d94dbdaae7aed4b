"""The only place that binds ports to adapters, in eight rooms. Imports of the adapters stand in
the functions, so that a command loads only what it needs."""

from __future__ import annotations

from reprise.bootstrap.delivery import (
    check_station_settings,
    clock,
    earlier,
    folder_store,
    journal,
    outbox,
    outbox_watch,
    prepare_stick,
    seal_left,
    server_settings,
    settings,
    signer,
    station_settings,
    stick_state,
    store,
    uplink,
    write_file,
)
from reprise.bootstrap.demo import (
    Demonstration,
    demonstration,
)
from reprise.bootstrap.desk import (
    desk_door,
    engine_socket,
    remote_desk,
    speak_in,
    tell_ready,
)
from reprise.bootstrap.drives import (
    command_runner,
    drive_probe,
    fastest_stream,
    policy,
    preparer,
    sanitizers,
    suspender,
    volume_reader,
)
from reprise.bootstrap.images import (
    added_image,
    check_image_room,
    checked_images,
    examined_image,
    images_folder,
    images_of,
    os_installer,
    removed_image,
)
from reprise.bootstrap.netboot import (
    bench_network,
    netboot_folder,
    netboot_serving,
    netboot_settings,
)
from reprise.bootstrap.station import (
    image_sha256,
    session_started,
    station_services,
)
from reprise.bootstrap.sticks import (
    image_digests,
    stick_files,
    stick_image,
    stick_writing,
    whole_disk,
)
from reprise.bootstrap.tools import (
    network,
    station_tools,
)

__all__ = [
    "Demonstration",
    "added_image",
    "bench_network",
    "check_image_room",
    "check_station_settings",
    "checked_images",
    "clock",
    "command_runner",
    "demonstration",
    "desk_door",
    "drive_probe",
    "earlier",
    "engine_socket",
    "examined_image",
    "fastest_stream",
    "folder_store",
    "image_digests",
    "image_sha256",
    "images_folder",
    "images_of",
    "journal",
    "netboot_folder",
    "netboot_serving",
    "netboot_settings",
    "network",
    "os_installer",
    "outbox",
    "outbox_watch",
    "policy",
    "prepare_stick",
    "preparer",
    "remote_desk",
    "removed_image",
    "sanitizers",
    "seal_left",
    "server_settings",
    "session_started",
    "settings",
    "signer",
    "speak_in",
    "station_services",
    "station_settings",
    "station_tools",
    "stick_files",
    "stick_image",
    "stick_state",
    "stick_writing",
    "store",
    "suspender",
    "tell_ready",
    "uplink",
    "volume_reader",
    "whole_disk",
    "write_file",
]
