"""What places are called by who looks for one: titles, and words for the search alone
(search_words.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from reprise_first_start.i18n import N_

# Cities whose name in French, or in English, is not what zoneinfo's says.
TITLES = {
    "Europe/Andorra": N_("Andorra"),
    "Europe/Athens": N_("Athens"),
    "Europe/Brussels": N_("Brussels"),
    "Europe/Bucharest": N_("Bucharest"),
    "Europe/Copenhagen": N_("Copenhagen"),
    "Europe/Guernsey": N_("Guernsey"),
    "Europe/Isle_of_Man": N_("Isle of Man"),
    "Europe/Kyiv": N_("Kyiv"),
    "Europe/Lisbon": N_("Lisbon"),
    "Europe/London": N_("London"),
    "Europe/Malta": N_("Malta"),
    "Europe/Moscow": N_("Moscow"),
    "Europe/San_Marino": N_("San Marino"),
    "Europe/Tirane": N_("Tirana"),
    "Europe/Vienna": N_("Vienna"),
    "Europe/Warsaw": N_("Warsaw"),
    "Africa/Addis_Ababa": N_("Addis Ababa"),
    "Africa/Algiers": N_("Algiers"),
    "Africa/Cairo": N_("Cairo"),
    "Africa/El_Aaiun": N_("El Aaiun"),
    "Africa/Lome": N_("Lomé"),
    "Africa/Mogadishu": N_("Mogadishu"),
    "Africa/Ndjamena": N_("N'Djamena"),
    "Africa/Sao_Tome": N_("São Tomé"),
    "America/Barbados": N_("Barbados"),
    "America/Bogota": N_("Bogotá"),
    "America/Cancun": N_("Cancún"),
    "America/Dominica": N_("Dominica"),
    "America/Grenada": N_("Grenada"),
    "America/Havana": N_("Havana"),
    "America/Jamaica": N_("Jamaica"),
    "America/Mexico_City": N_("Mexico City"),
    "America/Puerto_Rico": N_("Puerto Rico"),
    "America/Santo_Domingo": N_("Santo Domingo"),
    "America/Sao_Paulo": N_("São Paulo"),
    "America/St_Johns": N_("St John's (Newfoundland)"),
    "America/St_Lucia": N_("Saint Lucia"),
    "Asia/Baghdad": N_("Baghdad"),
    "Asia/Bahrain": N_("Bahrain"),
    "Asia/Baku": N_("Baku"),
    "Asia/Beirut": N_("Beirut"),
    "Asia/Damascus": N_("Damascus"),
    "Asia/Dhaka": N_("Dhaka"),
    "Asia/Dubai": N_("Dubai"),
    "Asia/Ho_Chi_Minh": N_("Ho Chi Minh City"),
    "Asia/Jerusalem": N_("Jerusalem"),
    "Asia/Kabul": N_("Kabul"),
    "Asia/Kathmandu": N_("Kathmandu"),
    "Asia/Kolkata": N_("Kolkata"),
    "Asia/Kuwait": N_("Kuwait"),
    "Asia/Macau": N_("Macau"),
    "Asia/Manila": N_("Manila"),
    "Asia/Muscat": N_("Muscat"),
    "Asia/Nicosia": N_("Nicosia"),
    "Asia/Riyadh": N_("Riyadh"),
    "Asia/Seoul": N_("Seoul"),
    "Asia/Singapore": N_("Singapore"),
    "Asia/Tashkent": N_("Tashkent"),
    "Asia/Tbilisi": N_("Tbilisi"),
    "Asia/Tehran": N_("Tehran"),
    "Asia/Ulaanbaatar": N_("Ulaanbaatar"),
    "Asia/Yerevan": N_("Yerevan"),
    "Indian/Comoro": N_("Comoros"),
    "Indian/Mahe": N_("Mahé"),
    "Indian/Mauritius": N_("Mauritius"),
    "Atlantic/Azores": N_("Azores"),
    "Atlantic/Bermuda": N_("Bermuda"),
    "Atlantic/Canary": N_("Canary Islands"),
    "Atlantic/Cape_Verde": N_("Cape Verde"),
    "Atlantic/Faroe": N_("Faroe Islands"),
    "Atlantic/Madeira": N_("Madeira"),
}
# Of countries that zone.tab gives another zone first.
MAIN = {"AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
        "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "UZ": "Asia/Tashkent"}  # fmt: skip

_SEARCHED = tomllib.loads(Path(__file__).with_name("search_words.toml").read_text("utf-8"))
# zone.tab's codes but for France's, and zones: names, parted by commas.
COUNTRIES: Mapping[str, str] = _SEARCHED["countries"]
NEAR: Mapping[str, str] = _SEARCHED["near"]
