"""What athletes are made of: names in many scripts, the 206 NOC codes, 45 sports."""

from __future__ import annotations

# A combining acute accent, not a ready-made letter: names must not be compared letter by letter, nor normalised away.
_ACUTE = "\N{COMBINING ACUTE ACCENT}"

GIVEN = (
    "Ana", "Anders", "José", "Zoë", "Łukasz", "Søren", "Çağla", "Ørjan", "Máire", "Nguyễn Thị", "Siobhán", "Guðrún",
    "François", "Jürgen", "Ivana", "Ștefan", "Chloé", "Amélie", "Mikołaj", "Åsa", "D'Angelo", "Mary-Kate", "Jean-Luc",
    "Kwame", "Aïssatou", "Ngozi", "Tariku", "Faith", "Letesenbet", "Wilfred", "Aroha", "Keola", "Malia", "Sione",
    "Юлия", "Дмитрий", "Ольга", "Νίκος", "Ελένη", "محمد", "فاطمة", "نور", "יעל", "दीपिका", "अभिनव", "สมชาย",
    "유진", "민수", "莉", "伟", "翔太", "さくら", "ケンジ", "ნინო", "Անի", f"Jose{_ACUTE}", "Emily", "Noah", "Olivia",
    "Lucas", "Sofia", "Mateo", "Isabella", "Leon",
)  # fmt: skip

FAMILY = (
    "Silva", "O'Neill", "N’Diaye", "García Márquez", "Müller", "Jørgensen", "Çelik", "Nowak", "Škvorecký", "Dvořák",
    "van der Berg", "de la Cruz", "Al-Sayed", "McDonald", "Smith", "Johnson", "Brown", "Tamm", "Õunapuu", "Kovács",
    "Þórsdóttir", "D’Souza", "Ó Briain", "Björk", "Lindqvist", "Keqiang", "Osei", "Mbappé", "Tuilagi", "Kipchoge",
    "Bekele", "Diop", "Traoré", "Ramírez", "Peña", "Gonçalves", "Ionescu", "Popović", "Horvat", "Шевченко", "Иванов",
    "Παπαδόπουλος", "الحسن", "العلي", "כהן", "शर्मा", "วงศ์ใหญ่", "김", "박", "王", "李", "田中", "鈴木", "ბერიძე",
    "Պետրոսյան", f"Le{_ACUTE}ger", "Nguyễn", "Trần", "Yılmaz", "Öztürk", "Rossi", "Bianchi", "Dubois", "Lefèvre",
)  # fmt: skip

# Rare ornaments. The last two have broken readers of text before: a separator that some take for the end of a line,
# and a sign outside the first 65,536.
NICKNAMES = ('"Nina"', "“Ace”", "'Flash'", "(Junior)", "a\\b", "7", "\N{LINE SEPARATOR}", "\N{RUNNER}")

NOCS = tuple(
    """AFG ALB ALG AND ANG ANT ARG ARM ARU ASA AUS AUT AZE BAH BAN BAR BDI BEL BEN BER BHU BIH BIZ BLR BOL BOT BRA
    BRN BRU BUL BUR CAF CAM CAN CAY CGO CHA CHI CHN CIV CMR COD COK COL COM CPV CRC CRO CUB CYP CZE DEN DJI DMA DOM
    ECU EGY ERI ESA ESP EST ETH FIJ FIN FRA FSM GAB GAM GBR GBS GEO GEQ GER GHA GRE GRN GUA GUI GUM GUY HAI HKG HON
    HUN INA IND IRI IRL IRQ ISL ISR ISV ITA IVB JAM JOR JPN KAZ KEN KGZ KIR KOR KOS KSA KUW LAO LAT LBA LBN LBR LCA
    LES LIE LTU LUX MAD MAR MAS MAW MDA MDV MEX MGL MHL MKD MLI MLT MNE MON MOZ MRI MTN MYA NAM NCA NED NEP NGR NIG
    NOR NRU NZL OMA PAK PAN PAR PER PHI PLE PLW PNG POL POR PRK PUR QAT ROU RSA RUS RWA SAM SEN SEY SGP SKN SLE SLO
    SMR SOL SOM SRB SRI SSD STP SUD SUI SUR SVK SWE SWZ SYR TAN TGA THA TJK TKM TLS TOG TPE TTO TUN TUR TUV UAE UGA
    UKR URU USA UZB VAN VEN VIE VIN YEM ZAM ZIM""".split()  # noqa: SIM905 (two hundred quotes do not help)
)

SPORTS = (
    "Athletics", "Swimming", "Football", "Rowing", "Judo", "Shooting", "Hockey", "Sailing", "Handball", "Cycling Road",
    "Fencing", "Volleyball", "Basketball", "Wrestling", "Boxing", "Rugby Sevens", "Water Polo", "Equestrian",
    "Canoe Sprint", "Artistic Gymnastics", "Cycling Track", "Tennis", "Table Tennis", "Badminton", "Diving", "Archery",
    "Taekwondo", "Golf", "Weightlifting", "Triathlon", "Artistic Swimming", "Beach Volleyball", "Rhythmic Gymnastics",
    "Skateboarding", "Canoe Slalom", "Cycling Mountain Bike", "Modern Pentathlon", "Sport Climbing", "3x3 Basketball",
    "Marathon Swimming", "Cycling BMX Racing", "Surfing", "Breaking", "Trampoline Gymnastics",
    "Cycling BMX Freestyle",
)  # fmt: skip
