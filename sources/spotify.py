"""Playlists and a search by years, from the Spotify Web API."""

from sources.model import Api, ClientCredentials, Column, Daily, Limit, Option, Source, Stream, Table, Weekly
from sources.paging import NextLink, Offset
from sources.shape import Kind, Maybe, ignored

LOCAL_FILE, EPISODE, REMOVED, NO_ALBUM = "local file", "episode", "removed track", "no album"
NO_SONG = (LOCAL_FILE, EPISODE, REMOVED)  # what stands on a playlist and is no song of Spotify's

ALBUMS = Table(
    "albums",
    key=("album_id",),
    columns=(
        Column("album_id", "string", required=True),
        Column("album_name", "string", required=True),
        Column("release_date", "string"),  # as given: 2001, 2001-05, 2001-05-14, or 0000
        Column("release_date_precision", "string"),
        Column("released_on", "date"),  # the first day that it can mean
        Column("album_total_tracks", "int"),
        Column("album_url", "string"),
    ),
    expects=(*NO_SONG, NO_ALBUM),
    merged_on_read=True,
)
ARTISTS = Table(
    "artists",
    key=("artist_id",),
    columns=(
        Column("artist_id", "string", required=True),
        Column("artist_name", "string", required=True),
        Column("external_url", "string"),
    ),
    expects=NO_SONG,
    merged_on_read=True,
)
SONGS = Table(
    "songs",
    key=("song_id",),
    columns=(
        Column("song_id", "string", required=True),
        Column("song_name", "string", required=True),
        Column("duration_ms", "int"),
        Column("song_url", "string"),
        Column("song_popularity", "int"),
        Column("song_added", "timestamptz"),
        Column("album_id", "string"),
        Column("artist_id", "string"),  # the first of its own artists, not of its album's
    ),
    expects=NO_SONG,
    merged_on_read=True,
)
SONG_ARTISTS = Table(
    "song_artists",
    key=("song_id", "artist_id"),
    columns=(
        Column("song_id", "string", required=True),
        Column("artist_id", "string", required=True),
        Column("place", "int", required=True),  # 0 is the leading artist
    ),
    expects=NO_SONG,
    merged_on_read=True,
)
# What stood where when: one picture of each playlist for each run, so that a song that left can be seen to have left.
PLAYLIST_ENTRIES = Table(
    "playlist_entries",
    key=("playlist_id", "run", "position"),
    partition=("day",),
    columns=(
        Column("playlist_id", "string", required=True),
        Column("run", "string", required=True),
        Column("day", "date", required=True),
        Column("position", "int", required=True),  # in the playlist, from 0
        Column("song_id", "string", required=True),
        Column("added_at", "timestamptz"),
    ),
    expects=NO_SONG,
)
_LISTED = (
    Column("song_id", "string", required=True),
    Column("artist", "string"),
    Column("track", "string", required=True),
    Column("track_pop", "int"),
    Column("duration_ms", "int"),
    Column("album_nm", "string"),
    Column("album_dt", "date"),
)
TOP_PLAYED = Table(
    "top_played",
    key=("week", "playlist_id", "song_id"),
    partition=("week",),
    columns=(Column("week", "date", required=True), Column("playlist_id", "string", required=True), *_LISTED),
    expects=NO_SONG,
)
POPULAR_SONGS = Table(
    "popular_songs",
    key=("week", "years", "song_id"),
    partition=("week",),
    columns=(Column("week", "date", required=True), Column("years", "string", required=True), *_LISTED),
    expects=NO_SONG,
)

_URLS = Maybe({"spotify": Maybe(Kind.TEXT)})
_ARTIST = {
    "id": Maybe(Kind.TEXT),
    "name": Maybe(Kind.TEXT),
    "external_urls": _URLS,
    **ignored("href", "type", "uri"),
}
_ALBUM = {
    "id": Maybe(Kind.TEXT),
    "name": Maybe(Kind.TEXT),
    "release_date": Maybe(Kind.TEXT),
    "release_date_precision": Maybe(Kind.TEXT),
    "total_tracks": Maybe(Kind.WHOLE),
    "external_urls": _URLS,
    "artists": Maybe([_ARTIST]),
    **ignored("album_type", "available_markets", "href", "images", "is_playable", "restrictions", "type", "uri"),
}
_TRACK = {
    "id": Kind.TEXT,
    "name": Kind.TEXT,
    "type": Kind.TEXT,
    "is_local": Maybe(Kind.FLAG),
    "duration_ms": Kind.WHOLE,
    "popularity": Maybe(Kind.WHOLE),  # apps in development mode do not see it
    "external_urls": _URLS,
    "artists": Maybe([_ARTIST]),  # an episode has none, and no album
    "album": Maybe(_ALBUM),
    **ignored("available_markets", "disc_number", "episode", "explicit", "external_ids", "href", "is_playable"),
    **ignored("linked_from", "preview_url", "restrictions", "track", "track_number", "uri"),
    **ignored("audio_preview_url", "description", "html_description", "images", "is_externally_hosted", "language"),
    **ignored("languages", "release_date", "release_date_precision", "resume_point", "show"),
}
_ENTRY = {
    "added_at": Maybe(Kind.TEXT),
    "is_local": Kind.FLAG,
    "item|track": Maybe(_TRACK),
    **ignored("added_by", "primary_color", "video_thumbnail"),
}
_PAGE = ("href", "items", "limit", "next", "offset", "previous", "total")

SPOTIFY = Source(
    "spotify",
    api=Api(
        "https://api.spotify.com",
        auth=ClientCredentials("https://accounts.spotify.com/api/token"),
        quota=(Limit(100, 30, rolls=True),),
    ),
    options=(
        Option("playlists", "the playlists that are read, by id", ("3cEYpjA9oz9GiPac4AsH4n",), r"[0-9A-Za-z]{22}"),
        Option("endpoint", "items, or tracks for apps that Spotify still lets call it", "items", "items|tracks"),
        Option("years", "the years that are searched, one or a span", ("2022-2023",), r"\d{4}(-\d{4})?"),
        Option(
            "found_a_page", "songs a page of the search; an app in development mode gets 10", "50", r"[1-9]|[1-4]\d|50"
        ),
    ),
    streams=(
        Stream(
            "playlist",
            path="/v1/playlists/{part}/{endpoint}",
            params={"limit": "100"},
            over="playlists",
            records="items",
            fields=_PAGE,
            record=_ENTRY,
            paging=NextLink(),
            feeds=(ALBUMS, ARTISTS, SONGS, SONG_ARTISTS, PLAYLIST_ENTRIES, TOP_PLAYED),
            schedule=Daily("12:00", zone="Europe/Stockholm"),
        ),
        Stream(
            "popular",
            path="/v1/search",
            params={"q": "year:{part}", "type": "track", "limit": "{found_a_page}"},
            over="years",
            records="tracks.items",
            fields=_PAGE,
            record=_TRACK,
            paging=Offset(),
            feeds=(POPULAR_SONGS,),
            schedule=Weekly("MON", "06:00", zone="Europe/Stockholm"),
        ),
    ),
)
