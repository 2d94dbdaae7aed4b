"""What places are called by who looks for one: titles, and words for the search alone."""

from __future__ import annotations

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
# zone.tab's codes but for France's: in French and in English, never shown.
COUNTRIES = """
AD Andorre, Andorra; AE Émirats arabes unis, United Arab Emirates; AF Afghanistan;
AG Antigua-et-Barbuda, Antigua and Barbuda; AI Anguilla; AL Albanie, Albania; AM Arménie, Armenia;
AO Angola; AQ Antarctique, Antarctica; AR Argentine, Argentina;
AS Samoa américaines, American Samoa; AT Autriche, Austria; AU Australie, Australia; AW Aruba;
AX Îles Åland, Åland Islands; AZ Azerbaïdjan, Azerbaijan;
BA Bosnie, Bosnie-Herzégovine, Bosnia and Herzegovina; BB Barbade, Barbados; BD Bangladesh;
BE Belgique, Belgium; BF Burkina Faso; BG Bulgarie, Bulgaria; BH Bahreïn, Bahrain; BI Burundi;
BJ Bénin, Benin; BM Bermudes, Bermuda; BN Brunei; BO Bolivie, Bolivia;
BQ Pays-Bas caribéens, Caribbean Netherlands; BR Brésil, Brazil; BS Bahamas; BT Bhoutan, Bhutan;
BW Botswana; BY Biélorussie, Bélarus; BZ Belize; CA Canada; CC Îles Cocos, Cocos (Keeling) Islands;
CD République démocratique du Congo, RDC, Congo-Kinshasa, Zaïre;
CF Centrafrique, République centrafricaine, Central African Republic;
CG Congo, Congo-Brazzaville, République du Congo; CH Suisse, Switzerland;
CI Côte d'Ivoire, Ivory Coast; CK Îles Cook, Cook Islands; CL Chili, Chile; CM Cameroun, Cameroon;
CN Chine, China; CO Colombie, Colombia; CR Costa Rica; CU Cuba; CV Cap-Vert, Cape Verde;
CW Curaçao; CX Île Christmas, Christmas Island; CY Chypre, Cyprus;
CZ Tchéquie, République tchèque, Czechia, Czech Republic; DE Allemagne, Germany; DJ Djibouti;
DK Danemark, Denmark; DM Dominique, Dominica; DO République dominicaine, Dominican Republic;
DZ Algérie, Algeria; EC Équateur, Ecuador; EE Estonie, Estonia; EG Égypte, Egypt;
EH Sahara occidental, Western Sahara; ER Érythrée, Eritrea; ES Espagne, Spain;
ET Éthiopie, Ethiopia; FI Finlande, Finland; FJ Fidji, Fiji; FK Îles Malouines, Falkland Islands;
FM Micronésie, Micronesia; FO Îles Féroé, Faroe Islands; GA Gabon;
GB Royaume-Uni, Angleterre, Écosse, Pays de Galles, Grande-Bretagne, United Kingdom, England,
Scotland, Wales, Great Britain;
GD Grenade, Grenada; GE Géorgie, Georgia; GG Guernesey, Guernsey; GH Ghana; GI Gibraltar;
GL Groenland, Greenland; GM Gambie, Gambia; GN Guinée, Guinea;
GQ Guinée équatoriale, Equatorial Guinea; GR Grèce, Greece;
GS Géorgie du Sud-et-les Îles Sandwich du Sud, South Georgia and South Sandwich Islands;
GT Guatemala; GU Guam; GW Guinée-Bissau, Guinea-Bissau; GY Guyana; HK Hong Kong; HN Honduras;
HR Croatie, Croatia; HT Haïti, Haiti; HU Hongrie, Hungary; ID Indonésie, Indonesia;
IE Irlande, Ireland; IL Israël, Israel; IM Île de Man, Isle of Man; IN Inde, India;
IO Territoire britannique de l'océan Indien, British Indian Ocean Territory; IQ Irak, Iraq;
IR Iran; IS Islande, Iceland; IT Italie, Italy; JE Jersey; JM Jamaïque, Jamaica;
JO Jordanie, Jordan; JP Japon, Japan; KE Kenya; KG Kirghizstan, Kyrgyzstan; KH Cambodge, Cambodia;
KI Kiribati; KM Comores, Comoros; KN Saint-Christophe-et-Niévès, Saint Kitts and Nevis;
KP Corée du Nord, North Korea; KR Corée du Sud, South Korea; KW Koweït, Kuwait;
KY Îles Caïmans, Cayman Islands; KZ Kazakhstan; LA Laos; LB Liban, Lebanon;
LC Sainte-Lucie, Saint Lucia; LI Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho;
LT Lituanie, Lithuania; LU Luxembourg; LV Lettonie, Latvia; LY Libye, Libya; MA Maroc, Morocco;
MC Monaco; MD Moldavie, Moldova; ME Monténégro, Montenegro; MG Madagascar;
MH Îles Marshall, Marshall Islands; MK Macédoine du Nord, North Macedonia; ML Mali;
MM Birmanie, Myanmar, Burma; MN Mongolie, Mongolia; MO Macao, Macau;
MP Îles Mariannes du Nord, Northern Mariana Islands; MR Mauritanie, Mauritania; MS Montserrat;
MT Malte, Malta; MU Maurice, Mauritius; MV Maldives; MW Malawi; MX Mexique, Mexico;
MY Malaisie, Malaysia; MZ Mozambique; NA Namibie, Namibia; NE Niger;
NF Île Norfolk, Norfolk Island; NG Nigeria; NI Nicaragua;
NL Pays-Bas, Hollande, Netherlands, Holland; NO Norvège, Norway; NP Népal, Nepal; NR Nauru;
NU Niue; NZ Nouvelle-Zélande, New Zealand; OM Oman; PA Panama; PE Pérou, Peru;
PG Papouasie-Nouvelle-Guinée, Papua New Guinea; PH Philippines; PK Pakistan; PL Pologne, Poland;
PN Îles Pitcairn, Pitcairn Islands; PR Porto Rico, Puerto Rico;
PS Palestine, Territoires palestiniens; PT Portugal; PW Palaos, Palau; PY Paraguay; QA Qatar;
RO Roumanie, Romania; RS Serbie, Serbia; RU Russie, Russia; UA Ukraine; RW Rwanda;
SA Arabie saoudite, Saudi Arabia; SB Îles Salomon, Solomon Islands; SC Seychelles;
SD Soudan, Sudan; SE Suède, Sweden; SG Singapour, Singapore; SH Sainte-Hélène, Saint Helena;
SI Slovénie, Slovenia; SJ Svalbard et Jan Mayen, Svalbard and Jan Mayen; SK Slovaquie, Slovakia;
SL Sierra Leone; SM Saint-Marin, San Marino; SN Sénégal, Senegal; SO Somalie, Somalia; SR Suriname;
SS Soudan du Sud, South Sudan; ST Sao Tomé-et-Principe, São Tomé and Príncipe;
SV Salvador, El Salvador; SX Saint-Martin (partie néerlandaise), Sint Maarten; SY Syrie, Syria;
SZ Eswatini, Swaziland; TC Îles Turques-et-Caïques, Turks and Caicos Islands; TD Tchad, Chad;
TG Togo; TH Thaïlande, Thailand; TJ Tadjikistan, Tajikistan; TK Tokelau;
TL Timor oriental, Timor-Leste, East Timor; TM Turkménistan, Turkmenistan; TN Tunisie, Tunisia;
TO Tonga; TR Turquie, Turkey; TT Trinité-et-Tobago, Trinidad and Tobago; TV Tuvalu;
TW Taïwan, Taiwan; TZ Tanzanie, Tanzania; UG Ouganda, Uganda;
UM Îles mineures éloignées des États-Unis, U.S. Outlying Islands;
US États-Unis, États-Unis d'Amérique, USA, United States; UY Uruguay; UZ Ouzbékistan, Uzbekistan;
VA Vatican, Vatican City; VC Saint-Vincent-et-les Grenadines, Saint Vincent and Grenadines;
VE Venezuela; VG Îles Vierges britanniques, British Virgin Islands;
VI Îles Vierges des États-Unis, U.S. Virgin Islands; VN Viêt Nam, Vietnam; VU Vanuatu; WS Samoa;
YE Yémen, Yemen; ZA Afrique du Sud, South Africa; ZM Zambie, Zambia; ZW Zimbabwe
"""
# Of countries that zone.tab gives another zone first.
MAIN = {"AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
        "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "UZ": "Asia/Tashkent"}  # fmt: skip
# Cities, islands and regions without a zone of their own, likewise.
NEAR = {
    "Europe/Paris": """
Paris, Marseille, Lyon, Toulouse, Nice, Nantes, Montpellier, Strasbourg, Bordeaux, Lille, Rennes,
Reims, Toulon, Saint-Étienne, Le Havre, Grenoble, Dijon, Angers, Nîmes, Villeurbanne,
Clermont-Ferrand, Le Mans, Aix-en-Provence, Brest, Tours, Amiens, Limoges, Annecy, Perpignan,
Besançon, Metz, Orléans, Rouen, Mulhouse, Caen, Nancy, Saint-Denis, Argenteuil, Montreuil,
Roubaix, Tourcoing, Avignon, Dunkerque, Poitiers, Versailles, Créteil, Nanterre, Pau, La Rochelle,
Calais, Cannes, Antibes, Ajaccio, Bastia, Béziers, Colmar, Bourges, Quimper, Lorient, Vannes,
Saint-Brieuc, Valence, Chambéry, Troyes, Saint-Nazaire, Saint-Malo, Bayonne, Biarritz, Cherbourg,
Niort, Agen, Albi, Auch, Aurillac, Auxerre, Beauvais, Belfort, Blois, Cahors, Carcassonne,
Castres, Châlons, Charleville-Mézières, Chartres, Châteauroux, Digne, Épinal, Évreux, Foix, Gap,
Guéret, Laon, Laval, Le Puy-en-Velay, Lens, Mâcon, Mende, Montauban, Moulins, Nevers, Périgueux,
Rodez, Saint-Quentin, Tarbes, Thionville, Tulle, Vesoul, Vierzon, Vichy, Alençon, Arras,
Bar-le-Duc, Chaumont, Lons-le-Saunier, Mont-de-Marsan, Privas, Melun, Corse, Bretagne, Normandie,
Alsace, Lorraine, Provence, Alpes, Côte d'Azur, PACA, Occitanie, Languedoc, Roussillon, Aquitaine,
Nouvelle-Aquitaine, Auvergne, Rhône-Alpes, Bourgogne, Franche-Comté, Picardie, Île-de-France,
Hauts-de-France, Nord, Pas-de-Calais, Grand Est, Champagne, Pays de la Loire, Anjou,
Centre-Val de Loire, Touraine, Savoie, Haute-Savoie, Dauphiné, Limousin, Poitou, Charente,
Charente-Maritime, Pays basque, Béarn, Gascogne, Périgord, Ain, Aisne, Allier, Ardèche, Ardennes,
Ariège, Aube, Aude, Aveyron, Bouches-du-Rhône, Calvados, Cantal, Cher, Corrèze, Côte-d'Or,
Côtes-d'Armor, Creuse, Deux-Sèvres, Dordogne, Doubs, Drôme, Essonne, Eure, Eure-et-Loir,
Finistère, Gard, Gers, Gironde, Hérault, Ille-et-Vilaine, Indre, Isère, Jura, Landes,
Loir-et-Cher, Loire, Loiret, Lot, Lot-et-Garonne, Lozère, Maine-et-Loire, Manche, Marne, Mayenne,
Meurthe-et-Moselle, Meuse, Morbihan, Moselle, Nièvre, Oise, Orne, Puy-de-Dôme, Pyrénées, Rhône,
Sarthe, Saône-et-Loire, Seine-Maritime, Seine-et-Marne, Seine-Saint-Denis, Somme, Tarn,
Tarn-et-Garonne, Val-de-Marne, Val-d'Oise, Var, Vaucluse, Vendée, Vienne, Vosges, Yonne, Yvelines,
Oléron, Belle-Île, Noirmoutier, Ré, Ouessant, France""",
    "Europe/Brussels": "Anvers, Gand, Liège, Charleroi, Namur, Mons, Tournai",
    "Europe/Zurich": "Genève, Geneva, Lausanne, Berne, Bâle, Fribourg, Neuchâtel, Sion, Lugano",
    "Europe/Berlin": "Munich, Francfort, Hambourg, Cologne, Stuttgart, Sarrebruck, Leipzig",
    "Europe/Madrid": "Barcelone, Barcelona, Séville, Valence, Bilbao, Malaga, Saragosse",
    "Europe/Lisbon": "Porto, Braga, Coimbra",
    "Europe/Rome": "Milan, Naples, Turin, Venise, Florence, Palerme, Sicile, Sardaigne",
    "Europe/London": """Manchester, Édimbourg, Edinburgh, Glasgow, Cardiff, Belfast,
Liverpool, Birmingham""",
    "Europe/Amsterdam": "Rotterdam, La Haye",
    "Europe/Warsaw": "Cracovie",
    "Europe/Vienna": "Vienne, Salzbourg",
    "Europe/Kyiv": "Kiev, Odessa, Kharkiv, Lviv",
    "Europe/Moscow": "Saint-Pétersbourg",
    "Europe/Chisinau": "Chișinău",
    "Europe/Istanbul": "Ankara, Izmir",
    "Europe/Athens": "Thessalonique, Crète",
    "Africa/Algiers": "Oran, Constantine, Annaba, Kabylie, Tizi Ouzou, Béjaïa",
    "Africa/Tunis": "Sfax, Sousse, Djerba",
    "Africa/Casablanca": "Rabat, Marrakech, Fès, Tanger, Agadir, Meknès, Oujda",
    "Africa/Cairo": "Alexandrie",
    "Africa/Abidjan": "Yamoussoukro, Bouaké",
    "Africa/Dakar": "Thiès, Saint-Louis",
    "Africa/Porto-Novo": "Cotonou",
    "Africa/Douala": "Yaoundé",
    "Africa/Brazzaville": "Pointe-Noire",
    "Africa/Lagos": "Abuja",
    "Africa/Johannesburg": "Le Cap, Pretoria, Durban",
    "Africa/El_Aaiun": "Sahara occidental",
    "America/New_York": "Washington, Boston, Miami, Philadelphie, Atlanta",
    "America/Los_Angeles": "San Francisco, Californie, Seattle",
    "America/Chicago": "Houston, Dallas, La Nouvelle-Orléans",
    "America/Toronto": "Montréal, Québec, Ottawa, Gatineau",
    "America/Sao_Paulo": "Rio de Janeiro, Brasilia",
    "America/Port-au-Prince": "Cap-Haïtien",
    "America/Halifax": "Nouvelle-Écosse",
    "America/Moncton": "Nouveau-Brunswick",
    "Asia/Kolkata": "Bombay, Delhi, New Delhi, Madras, Pondichéry",
    "Asia/Ho_Chi_Minh": "Saïgon, Hanoï",
    "Asia/Shanghai": "Pékin, Beijing, Canton",
    "Asia/Tokyo": "Osaka, Kyoto",
    "Asia/Jerusalem": "Tel-Aviv, Haïfa",
    "Asia/Damascus": "Alep",
    "Asia/Riyadh": "La Mecque, Djeddah, Médine",
    "Asia/Dubai": "Abou Dabi",
    "Asia/Karachi": "Islamabad, Lahore",
    "Asia/Beirut": "Tripoli",
    "Indian/Antananarivo": "Tananarive, Tamatave",
    "Indian/Comoro": "Moroni, Anjouan, Grande Comore",
    "Indian/Mauritius": "Île Maurice, Port-Louis",
    "America/Guadeloupe": "Pointe-à-Pitre, Basse-Terre, Les Abymes, Marie-Galante, Les Saintes",
    "America/Martinique": "Fort-de-France, Le Lamentin",
    "America/Cayenne": "Cayenne, Guyane, Kourou, Saint-Laurent-du-Maroni",
    "Indian/Reunion": "Réunion, Saint-Denis, Saint-Paul, Saint-Pierre, Le Tampon",
    "Indian/Mayotte": "Mamoudzou, Dzaoudzi, Petite-Terre",
    "America/Miquelon": "Saint-Pierre, Miquelon",
    "America/St_Barthelemy": "Saint-Barth, Gustavia",
    "America/Marigot": "Saint-Martin, Marigot",
    "Pacific/Noumea": "Nouvelle-Calédonie, Nouméa, Lifou, Îles Loyauté",
    "Pacific/Wallis": "Wallis, Futuna, Mata-Utu",
    "Pacific/Tahiti": "Tahiti, Polynésie, Papeete, Moorea, Bora-Bora, Raiatea, Tuamotu",
    "Pacific/Marquesas": "Marquises, Nuku Hiva, Hiva Oa",
    "Pacific/Gambier": "Gambier, Mangareva",
}
