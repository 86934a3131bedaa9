"""What songs, albums and artists are called: words in several scripts, and names that break careless readers."""

from __future__ import annotations

QUALITIES = (
    "Silent", "Golden", "Broken", "Electric", "Midnight", "Paper", "Velvet", "Hollow", "Burning", "Frozen", "Distant",
    "Crooked", "Neon", "Salt", "Northern", "Blå", "Röda", "Été", "Última", "Größte", "Süße", "Ночная", "Τελευταία",
    "最後の", "夏の", "고요한", "आखिरी", "آخر", "לבן", "Đêm",
)  # fmt: skip

THINGS = (
    "River", "Lantern", "Harbour", "Kite", "Orchard", "Mirror", "Train", "Tide", "Garden", "Engine", "Winter",
    "Letter", "Satellite", "Cathedral", "Dust", "Fjord", "Straße", "Corazón", "Coração", "Forêt", "Звезда",
    "Θάλασσα", "手紙", "花火", "바다", "रात", "ليل", "שיר", "Mưa", "Saudade",
)  # fmt: skip

# Names made of a quality and a thing. Commas, quotes and ends of lines shift the columns of a careless CSV.
ODD_NAMES = (
    "{thing}, {quality}, {thing}",
    'She Said "{thing}"',
    '"{quality}", Again',
    "{quality}\n{thing}",
    "{quality}\r\n{thing}",
    "{quality}\t{thing}",
    "{thing} \N{SAXOPHONE}\N{FIRE}",
    "{quality}\\{thing}",
    "L'{thing}; {quality} | {thing}",
    "{quality}\N{LINE SEPARATOR}{thing}",
    "Cafe\N{COMBINING ACUTE ACCENT} {thing}",
    "#1 {thing} (100 % {quality})",
)

FIRST = (
    "Ada", "Björk", "Céline", "Dario", "Esperanza", "Femi", "Gösta", "Hanae", "Inês", "Jorma", "Khalid", "Lúcia",
    "Mirela", "Niamh", "Oleksandr", "Priya", "Quim", "Rokia", "Siddharth", "Tomasz", "Uma", "Vlad", "Wen", "Ximena",
    "Yusuf", "Zofia",
)  # fmt: skip

LAST = (
    "Abara", "Bergström", "Castaño", "Dąbrowski", "Eze", "Ferreira", "Grünwald", "Håkansson", "Ivanova", "Jónsson",
    "Kowalczyk", "Lefort", "Mæland", "Nakamura", "O'Dowd", "Petrović", "Quispe", "Rautio", "Şahin", "Tremblay", "Úlfur",
    "Vega", "Weiß", "Xu", "Yıldız", "Zhang",
)  # fmt: skip

ODD_ARTISTS = (
    "Fern, Moss & Lichen", 'Otto "Ohm" Ott', "null", "NaN", "1978", "The\nNewlines", "\N{CHERRY BLOSSOM}koi",
    "東京ラジオ",
    "فرقة البحر", "D.J. O'Clock", "A/B", "Ó, Ó & Ó",
)  # fmt: skip

USERS = ("editor", "nattskift", "user,with,commas", "märta.91", "31l2xkq7hw")
