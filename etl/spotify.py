"""Spotify: from entries of playlists, and songs found by a search, to rows of seven tables."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from etl.raw import PLACE
from etl.texts import first_day, moment, unless_blank
from sources.spotify import EPISODE, LOCAL_FILE, NO_ALBUM, REMOVED

_ALL = (*PLACE, "left_out")
_TRACK = ("id", "name", "type", "is_local", "duration_ms", "popularity", "artists", "album")  # of one that was found


def albums(entries: DataFrame) -> DataFrame:
    """One row per entry: the album of its song."""
    album = F.col("item.album")
    no_album = F.when(album.isNull(), F.lit(NO_ALBUM))
    return _judged(entries).select(
        *PLACE,
        F.coalesce("left_out", no_album).alias("left_out"),
        unless_blank(album["id"]).alias("album_id"),
        unless_blank(album["name"]).alias("album_name"),
        album["release_date"].alias("release_date"),
        album["release_date_precision"].alias("release_date_precision"),
        first_day(album["release_date"]).alias("released_on"),
        _int(album["total_tracks"]).alias("album_total_tracks"),
        _url(album).alias("album_url"),
    )


def artists(entries: DataFrame) -> DataFrame:
    """One row per artist of an entry's song, and one per artist of its album."""
    both = F.flatten(F.array_compact(F.array("item.artists", "item.album.artists")))
    artist = F.col("each")
    return _exploded(_judged(entries), both).select(
        *_ALL,
        "element",
        unless_blank(artist["id"]).alias("artist_id"),
        unless_blank(artist["name"]).alias("artist_name"),
        _url(artist).alias("external_url"),
    )


def songs(entries: DataFrame) -> DataFrame:
    """One row per entry. A song's artist is the first of its own: its album may be another's."""
    song = F.col("item")
    return _judged(entries).select(
        *_ALL,
        unless_blank(song["id"]).alias("song_id"),
        unless_blank(song["name"]).alias("song_name"),
        _int(song["duration_ms"]).alias("duration_ms"),
        _url(song).alias("song_url"),
        _int(song["popularity"]).alias("song_popularity"),
        moment("added_at").alias("song_added"),
        unless_blank(song["album"]["id"]).alias("album_id"),
        unless_blank(_leader(song)["id"]).alias("artist_id"),
    )


def song_artists(entries: DataFrame) -> DataFrame:
    """One row per artist of an entry's song, in the order in which they are named."""
    return _exploded(_judged(entries), F.col("item.artists")).select(
        *_ALL,
        "element",
        unless_blank("item.id").alias("song_id"),
        unless_blank("each.id").alias("artist_id"),
        F.col("element").alias("place"),
    )


def playlist_entries(entries: DataFrame) -> DataFrame:
    """One row per entry: what stood where when the playlist was read."""
    return _judged(entries).select(
        *_ALL,
        F.col("part").alias("playlist_id"),
        F.col("source_run").alias("run"),
        _day().alias("day"),
        F.col("part_position").alias("position"),
        unless_blank("item.id").alias("song_id"),
        moment("added_at").alias("added_at"),
    )


def top_played(entries: DataFrame) -> DataFrame:
    """One row per entry of a playlist, for the week in which it was read."""
    return _listed(_judged(entries), "playlist_id", F.col("item"))


def popular_songs(tracks: DataFrame) -> DataFrame:
    """One row per song that a search for some years found, for the week of the search."""
    song = F.struct(*_TRACK)
    return _listed(tracks.withColumn("left_out", _reason(song, F.lit(False))), "years", song)


TRANSFORMS = {  # by table
    "albums": albums,
    "artists": artists,
    "songs": songs,
    "song_artists": song_artists,
    "playlist_entries": playlist_entries,
    "top_played": top_played,
    "popular_songs": popular_songs,
}


def _listed(rows: DataFrame, part: str, song: Column) -> DataFrame:
    album = song["album"]
    return rows.select(
        *_ALL,
        F.trunc(_day(), "week").alias("week"),
        F.col("part").alias(part),
        unless_blank(song["id"]).alias("song_id"),
        unless_blank(_leader(song)["name"]).alias("artist"),
        unless_blank(song["name"]).alias("track"),
        _int(song["popularity"]).alias("track_pop"),
        _int(song["duration_ms"]).alias("duration_ms"),
        unless_blank(album["name"]).alias("album_nm"),
        first_day(album["release_date"]).alias("album_dt"),
    )


def _judged(entries: DataFrame) -> DataFrame:
    """Entries of a playlist, with the reason why one that is no song of Spotify's is left out."""
    return entries.withColumn("left_out", _reason(F.col("item"), F.col("is_local")))


def _reason(song: Column, is_local: Column) -> Column:
    return (
        F.when(song.isNull(), F.lit(REMOVED))
        .when(is_local | song["is_local"], F.lit(LOCAL_FILE))
        .when(song["type"] == "episode", F.lit(EPISODE))
    )


def _exploded(records: DataFrame, of: Column) -> DataFrame:
    """One row for ``each`` of a list, with its place as ``element``; one row where a record is left out or has none."""
    of_good = F.when(F.col("readable") & F.col("left_out").isNull(), of)
    rows = records.select("*", F.posexplode_outer(of_good).alias("element", "each"))
    return rows.withColumn("element", F.coalesce("element", F.lit(0)))


def _leader(song: Column) -> Column:
    return F.get(song["artists"], 0)


def _url(of: Column) -> Column:
    return of["external_urls"]["spotify"]


def _day() -> Column:
    """The day of the run, in UTC."""
    return F.to_date(F.substring("source_run", 1, 8), "yyyyMMdd")


def _int(number: Column) -> Column:
    """Null where a number is too large for any of these."""
    return number.try_cast("int")
