"""The probe on made machines: what is no drive."""

from __future__ import annotations

from unit.adapters.hardware.made_tree import MadeTree


def test_batteries_in_both_units(tree: MadeTree) -> None:
    for name, facts in {
        "AC": {"type": "Mains"},
        "BAT0": {"type": "Battery", "energy_full_design": "50000000", "energy_full": "38200000"},
        "BAT1": {
            "type": "Battery",
            "charge_full_design": "4400000",
            "charge_full": "2200000",
            "voltage_min_design": "11100000",
        },
        "BAT2": {"type": "Battery", "energy_full_design": "0"},
        "BAT3": {"type": "Battery", "present": "0"},
        "hid-mouse": {"type": "Battery", "scope": "Device"},
    }.items():
        for file, content in facts.items():
            tree.write(f"sys/class/power_supply/{name}/{file}", content + "\n")
    found = {b.name: (b.design_wh, b.full_wh) for b in tree.probe().probe_inventory().batteries}
    assert found == {"BAT0": (50.0, 38.2), "BAT1": (48.84, 24.42), "BAT2": (None, None)}


def test_network_cards_are_hardware(tree: MadeTree) -> None:
    for name, wifi, real in (("lo", 0, 0), ("eth0", 0, 1), ("wlan0", 1, 1), ("br0", 0, 0)):
        tree.write(f"sys/class/net/{name}/type", "1\n")
        tree.write(f"sys/class/net/{name}/address", "52:54:00:12:34:56\n")
        if wifi:
            (tree.root / f"sys/class/net/{name}/phy80211").mkdir()
        if real:
            (tree.root / f"sys/class/net/{name}/device").mkdir()
    cards = tree.probe().probe_inventory().network
    assert [(card.name, card.kind) for card in cards] == [("eth0", "ethernet"), ("wlan0", "wifi")]


def test_firmware_mode_and_secure_boot(tree: MadeTree) -> None:
    assert tree.probe().probe_inventory().machine.firmware.mode == "bios"
    name = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    tree.write(f"sys/firmware/efi/efivars/{name}", b"\x06\x00\x00\x00\x01")
    firmware = tree.probe().probe_inventory().machine.firmware
    assert (firmware.mode, firmware.secure_boot) == ("uefi", True)


def test_without_dmidecode_the_kernel_names_the_pc(tree: MadeTree) -> None:
    for file, content in {
        "sys_vendor": "Dell Inc.",
        "product_name": "Latitude 5480",
        "bios_date": "11/17/2022",
        "chassis_type": "10",
        "board_name": "Default string",
        "chassis_asset_tag": "MAIRIE-0042",
    }.items():
        tree.write(f"sys/class/dmi/id/{file}", content + "\n")
    found = tree.probe().probe_inventory()
    machine = found.machine
    assert (machine.maker, machine.model, machine.chassis) == (
        "Dell Inc.",
        "Latitude 5480",
        "Notebook",
    )
    assert machine.firmware.date == "2022-11-17"
    assert found.unknown["machine.board_model"] == "placeholder: Default string"
    assert found.unknown["machine.serial"] == "not-reported"
    assert found.remembered[0].details == ("MAIRIE-0042",)
