"""The station in plain lines, over the real engine on fake ports: whole flows, typed."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.events import Operator, OperatorNamed
from station_kit.interrupted import interrupted
from station_kit.listener import Listener, station_by_ear, to_the_systems
from station_kit.machines import hdd, laptop, mounted, ssd, stick
from station_kit.ports import REPORT_ID, Kit


def to_the_plan(ear: Listener, system: str = "2") -> None:
    """In French, taking all that is proposed; `system`: its number."""
    to_the_systems(ear)
    ear.answers("Numéro, ou Entrée pour 1", system)
    _hears_the_plan(ear)


def _hears_the_plan(ear: Listener) -> None:
    ear.hears("Confirmer l'effacement.", "tapez EFFACER")


def test_a_cut_off_installation_is_told_with_its_drive_and_in_the_plan() -> None:
    kit = Kit(laptop(hdd()))
    kit.cut_installs = {hdd().identity: "debian-minimal"}
    with station_by_ear(kit) as ear:
        to_the_plan(ear)
        assert ear.said.count("INSTALLATION INTERROMPUE, ne démarre pas") == 2


def test_the_whole_flow_in_french() -> None:
    kit = Kit(laptop(hdd(), ssd(), stick()))
    with station_by_ear(kit) as ear:
        ear.hears("Reprise, ligne à ligne", "Rien n'est effacé avant votre confirmation.")
        ear.answers("1 sur 4. N° d'inventaire du PC : rien ?", "]C1INV-42")
        ear.answers("2 sur 4. Lot : LOT-7 ?")
        ear.answers("3 sur 4. Donateur : Mairie ?", "-")
        ear.answers("4 sur 4. Opérateur : A. Martin ?", "B. Durand")
        ear.hears("Ce PC.", "Latitude E5440", "4XJ9T12", "Conseil")
        ear.answers("P : précédent.", "d")
        ear.answers("i5-4310U", "")
        ear.hears("3 disques : 2 à effacer, 1 non touché")
        ear.hears("Disque 1 sur 3 : sda, ST500LM012", "W9A4K2XJ", "Windows", "SERA EFFACÉ")
        ear.hears("Disque 3 sur 3", "NON PROPOSÉ")
        ear.answers("P : précédent.")
        ear.hears("1. Debian minimal sur ", "2. Debian minimal sur", "3. Rien : seulement effacer")
        ear.hears("Proposé en premier : le SSD, plus rapide qu'un disque dur.")
        ear.answers("Numéro, ou Entrée pour 1", "7")
        ear.hears("Il faut un numéro de 1 à 3 ou une touche : P.")
        ear.answers("Numéro, ou Entrée pour 1", "&")  # the key of 1 without Shift
        ear.answers("Nom du PC : pc-reprise ?", "salle-2")
        ear.answers("Nom de l'utilisateur : utilisateur ?")
        ear.hears("Confirmer l'effacement.", "sda, ST500LM012", "nvme0n1", "Non touchés : sdb")
        ear.answers("tapez EFFACER", "effacé")
        ear.hears("Le mot tapé n'était pas EFFACER : rien n'a été effacé.")
        assert "PlanConfirmed" not in kit.journal.kinds()
        ear.answers("tapez EFFACER", "  Effacer ")
        ear.hears("Le travail se poursuit seul.", "CE PC EST EFFACÉ ET VÉRIFIÉ")
        ear.hears(f"PC : {REPORT_ID[:8]}", f"Rapport {REPORT_ID}", "enregistré sur la clé")
        ear.hears("Installé : Debian minimal", 'mot de passe "reprise"')
        ear.hears("sda, ST500LM012 HN-M500MBB : EFFACÉ ET VÉRIFIÉ")
        ear.answers("E : éteindre ce PC", "e")
        ear.hears("Le PC s'éteint.")
    assert kit.power.asked == ["off"]
    assert kit.installer.requests[0].options.hostname == "salle-2"
    events = [line.event for line in kit.journal.lines]
    named = [event.operator for event in events if isinstance(event, OperatorNamed)]
    assert named[-1] == Operator("B. Durand", "Agglo", "Atelier", "INV-42", "LOT-7", "")


def test_a_system_that_asks_at_its_first_start_is_given_no_names() -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.first_start = True
    kit.server_url = "https://reprise.example/"
    with station_by_ear(kit) as ear:
        to_the_systems(ear)
        ear.answers("Numéro, ou Entrée pour 1")
        ear.answers("Entrée seule : N")
        _hears_the_plan(ear)
        ear.types("effacer")
        ear.hears("Installé : Debian minimal", "le premier démarrage demandera un nom")
    assert not kit.installer.requests[0].options.encrypt
    told = kit.installer.requests[0].handover
    assert told.organisation == "Agglo"
    assert told.certificate_url == f"https://reprise.example/reports/{REPORT_ID}"
    assert told.serial == "4XJ9T12"


def test_its_drive_may_be_encrypted_for_whoever_answers_then() -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.first_start = True
    with station_by_ear(kit) as ear:
        to_the_systems(ear)
        ear.answers("Numéro, ou Entrée pour 1")
        ear.hears("Chiffrer le disque : son propriétaire choisit le mot de passe")
        ear.answers("Entrée seule : N", "?")
        ear.hears("Un disque trouvé ou volé ne peut alors pas être lu.")
        ear.answers("Entrée seule : N", "x")
        ear.answers("Entrée seule : N", "p")
        ear.answers("Numéro, ou Entrée pour 1")
        ear.answers("Entrée seule : N", "o")
        ear.hears("chiffré pour son propriétaire")
        ear.types("effacer")
        ear.hears("et le mot de passe du disque chiffré")
    assert kit.installer.requests[0].options.encrypt


def test_the_whole_flow_in_english_after_l() -> None:
    kit = Kit(laptop(hdd()))
    with station_by_ear(kit) as ear:
        ear.answers("1 sur 4.", "l")
        assert ear.voices == [] or ear.voices == ["en"]
        ear.hears("Reprise, line by line")
        for question in ("1 of 4.", "2 of 4.", "3 of 4.", "4 of 4."):
            ear.answers(question)
        ear.answers("D: all details")
        ear.answers("N: read the drives again")
        ear.answers("Number, or Enter for 1", "2")
        ear.answers("type ERASE", "effacer")
        ear.hears("The word typed was not ERASE: nothing was erased.")
        ear.answers("type ERASE", "erase")
        ear.hears("THIS PC IS ERASED AND VERIFIED", REPORT_ID)
        ear.answers("R: restart it", "R")
        ear.answers("Restart this PC?", "")
        ear.answers("R: restart it", "R")
        ear.answers("Y: restart", "y")
        ear.hears("The PC restarts.")
    assert ear.voices == ["en"]
    assert kit.power.asked == ["restart"]


def test_every_line_is_plain() -> None:
    """No escape sequence, no box, nothing that speech reads as noise, the drives' own words too."""
    loud = hdd()
    loud = replace(loud, identity=replace(loud.identity, model="EVIL\x1b[2J\nDRIVE"))
    with station_by_ear(Kit(laptop(loud, stick()))) as ear:
        to_the_plan(ear)
        ear.types("effacer")
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ", "E : éteindre")
    wrong = {c for c in ear.said if not (c.isprintable() or c == "\n")}
    assert not wrong
    assert not set("─│█░·…«»\u00a0\u202f") & set(ear.said)
    assert "EVIL?[2J DRIVE" in ear.said


def test_what_is_unusual_asks_for_the_serial_number_too() -> None:
    with station_by_ear(Kit(laptop(hdd(), mounted()))) as ear:
        for question in ("1 sur 4.", "2 sur 4.", "3 sur 4.", "4 sur 4."):
            ear.answers(question)
        ear.answers("D : tous les détails")
        ear.answers("N : nouvelle lecture")
        ear.answers("Numéro, ou Entrée pour 1", "2")
        ear.hears("INHABITUEL : sdc")
        ear.answers("du numéro de série de sda", "effacer")
        ear.hears("rien n'a été effacé")
        ear.answers("du numéro de série de sda", "effacer k2xj")
        ear.hears("Le travail se poursuit seul.")


def test_a_word_typed_ahead_confirms_nothing() -> None:
    kit = Kit(laptop(hdd()))
    with station_by_ear(kit) as ear:
        for question in ("1 sur 4.", "2 sur 4.", "3 sur 4.", "4 sur 4."):
            ear.answers(question)
        ear.answers("D : tous les détails")
        ear.hears("N : nouvelle lecture")
        ear.types("", "2", "effacer")
        ear.hears("tapez EFFACER")
        ear.types("p")
        ear.hears("Après l'effacement, installer")
    assert "PlanConfirmed" not in kit.journal.kinds()


def test_an_interrupted_drive_is_told_before_and_after() -> None:
    drive = hdd()
    kit = Kit(laptop(drive), [interrupted(drive, 10**9)])
    kit.sanitizer.held.add("W9A4K2XJ")
    with station_by_ear(kit) as ear:
        for question in ("1 sur 4.", "2 sur 4.", "3 sur 4.", "4 sur 4."):
            ear.answers(question)
        ear.answers("D : tous les détails")
        ear.hears("INTERROMPU - non effacé", "SERA EFFACÉ")
        ear.answers("N : nouvelle lecture")
        ear.answers("Numéro, ou Entrée pour 1", "2")
        ear.answers("tapez EFFACER", "effacer")
        ear.hears("sda : Effacement en cours")
        ear.types("s")
        ear.answers("Arrêter l'effacement", "")
        ear.hears("Le travail continue.")
        ear.types("S")
        ear.answers("O : arrêter maintenant", "S")
        ear.hears("Le travail continue.")
        ear.types("S")
        ear.answers("O : arrêter maintenant", "o")
        ear.hears("CE PC N'EST PAS ENTIÈREMENT EFFACÉ", "NON EFFACÉ", "INTERROMPU - non effacé")
        ear.hears("Redémarrez ce PC")


def test_a_failed_drive_is_never_called_erased() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.ends["W9A4K2XJ"] = Verdict.FAILED
    with station_by_ear(kit) as ear:
        to_the_plan(ear)
        ear.types("effacer")
        ear.hears("Secteurs illisibles")
        ear.hears("CE PC N'EST PAS ENTIÈREMENT EFFACÉ", "ÉCHEC", "Ne cédez pas ce disque")
    assert "EFFACÉ ET VÉRIFIÉ" not in ear.said


def test_a_report_that_would_be_lost_asks_again() -> None:
    kit = Kit(laptop(hdd()))
    kit.store.place = "memory"
    with station_by_ear(kit) as ear:
        ear.hears("EN MÉMOIRE")
        to_the_plan(ear)
        ear.types("effacer")
        ear.answers("E : éteindre ce PC", "E")
        ear.answers("il sera PERDU. O : éteindre quand même. Entrée : rester", "")
        ear.answers("E : éteindre ce PC", "E")
        ear.answers("il sera PERDU. O : éteindre", "E")  # pressed twice in impatience
        ear.answers("E : éteindre ce PC", "E")
        assert kit.power.asked == []
        ear.answers("éteindre quand même", "o")
        ear.hears("Le PC s'éteint.")
    assert kit.power.asked == ["off"]


def test_a_report_that_was_not_stored_is_stored_again() -> None:
    kit = Kit(laptop(hdd()))
    kit.store.full = True
    with station_by_ear(kit) as ear:
        to_the_plan(ear)
        ear.types("effacer")
        ear.hears("LE RAPPORT N'EST PAS ENREGISTRÉ")
        kit.store.full = False
        ear.answers("T : tenter à nouveau", "t")
        ear.hears(f"Rapport {REPORT_ID}", "enregistré sur la clé")


def test_a_pc_without_a_drive_gets_its_report() -> None:
    with station_by_ear(Kit(laptop())) as ear:
        for question in ("1 sur 4.", "2 sur 4.", "3 sur 4.", "4 sur 4."):
            ear.answers(question)
        ear.answers("D : tous les détails")
        ear.hears("Aucun disque")
        ear.answers("N : nouvelle lecture")
        ear.hears("Ce PC n'a aucun disque à effacer", f"Rapport {REPORT_ID}")


def test_help_says_what_to_do_and_asks_again() -> None:
    with station_by_ear(Kit(laptop(hdd()))) as ear:
        ear.answers("1 sur 4.", "?")
        ear.hears("Entrée seule garde", "L : English", "1 sur 4.")
