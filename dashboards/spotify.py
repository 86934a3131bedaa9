"""Playlists, for the one who keeps them: what is on them, what comes and goes, what is popular, what is set aside?"""

from dashboards.model import Chart, Dashboard, Field, Fold, Form, Kind

TRACK = Field("track", "Track", none="no name")
ARTIST = Field("artist", "Artist", none="no name")
ARTISTS = Field("artists", "Artists", none="no names")
ALBUM = Field("album", "Album", none="no album")
PLAYLIST = Field("playlist_id", "Playlist")
RUN = Field("run", "Run", Form.RUN)
POPULARITY = Field("popularity", "Popularity", Form.WHOLE)
AVERAGE_POPULARITY = Field("popularity", "Average popularity", Form.DECIMAL)
NOT_SEARCHED = "The search has not been read yet: its stream is read once a week, and its first run makes the table."
ALL_IN_ORDER = "Nothing was ever set aside: all that stood on the playlists is in the tables."


def _whole(column: str, title: str, adds_up: bool = False) -> Field:
    return Field(column, title, Form.WHOLE, adds_up=adds_up)


def _seconds(title: str, column: str, see: str) -> Chart:
    return Chart(
        title,
        query="track_durations",
        kind=Kind.NUMBER,
        rows="tracks",
        values=(Field(column, title, Form.SECONDS),),
        see=see,
    )


NUMBERS = (
    Chart(
        "Songs",
        query="track_durations",
        kind=Kind.NUMBER,
        rows="songs",
        values=(_whole("tracks", "Songs"),),
        see="Different songs on the playlists, as they were when last read.",
    ),
    Chart(
        "Artists",
        query="artists_by_songs",
        kind=Kind.NUMBER,
        rows="artists",
        values=(_whole("songs", "Artists"),),
        fold=Fold.COUNT,
        see="Artists of these songs: guests count as those who lead.",
    ),
    Chart(
        "Entered",
        query="playlist_changes_by_run",
        kind=Kind.NUMBER,
        rows="runs",
        values=(_whole("entered", "Entered"),),
        see="Songs that the last run found on a playlist, and the run before did not.",
    ),
    Chart(
        "Left",
        query="playlist_changes_by_run",
        kind=Kind.NUMBER,
        rows="runs",
        values=(_whole("gone", "Left"),),
        see="Songs that the last run no longer found where they had been.",
    ),
    _seconds("Average track", "average_seconds", "How long the songs are on average."),
    _seconds("Shortest track", "shortest_seconds", "The shortest of them."),
    _seconds("Longest track", "longest_seconds", "The longest of them."),
    Chart(
        "Set aside",
        query="entries_set_aside_by_reason",
        kind=Kind.NUMBER,
        rows="reasons",
        values=(_whole("records", "Set aside"),),
        fold=Fold.SUM,
        see="Entries of the last run that are no songs of Spotify's, or are broken. They are kept, with the reason.",
        untouched=ALL_IN_ORDER,
    ),
)

SONGS = (
    Chart(
        "Each playlist",
        query="playlists_now",
        kind=Kind.TABLE,
        rows="playlists",
        label=PLAYLIST,
        values=(
            _whole("songs", "Songs"),
            _whole("artists", "Artists"),
            _whole("minutes", "Minutes"),
            AVERAGE_POPULARITY,
            Field("last_added", "Last added", Form.MOMENT, none="not known"),
        ),
        see="A playlist that nothing was added to for long may want some care.",
        top=20,
    ),
    Chart(
        "The ten most popular tracks",
        query="top_tracks_with_artists_and_album",
        kind=Kind.TABLE,
        rows="tracks with a popularity",
        label=TRACK,
        values=(ARTISTS, POPULARITY, ALBUM),
        see="What listeners know best of what is on the playlists.",
        top=10,
    ),
    Chart(
        "Average popularity by artist",
        query="popularity_by_artist",
        kind=Kind.BAR,
        rows="artists with a popularity",
        label=ARTIST,
        values=(AVERAGE_POPULARITY,),
        see="From 0 to 100. An artist with one song on the playlists stands where that song stands.",
        top=12,
    ),
    Chart(
        "Songs by artist",
        query="artists_by_songs",
        kind=Kind.BAR,
        rows="artists",
        label=ARTIST,
        values=(_whole("songs", "Songs"),),
        see="Whom the playlists lean on. A song counts for each of its artists.",
        top=12,
    ),
    Chart(
        "Added in each month",
        query="additions_by_month",
        kind=Kind.BAR,
        rows="months",
        label=Field("month", "Month", none="no date"),
        values=(_whole("entries", "Entries", adds_up=True),),
        see="When what is on the playlists now was added: how old they have become.",
        top=12,
    ),
)

NEWS = (
    Chart(
        "Songs on the playlists over time",
        query="playlist_changes_by_run",
        kind=Kind.LINE,
        rows="runs",
        label=RUN,
        values=(_whole("songs", "Songs"),),
        see="A drop is a playlist that was emptied, or that could not be read.",
    ),
    Chart(
        "What entered and left in each run",
        query="playlist_changes_by_run",
        kind=Kind.STACKED,
        rows="runs",
        label=RUN,
        values=(_whole("entered", "Entered", adds_up=True), _whole("gone", "Left", adds_up=True)),
        see="How lively the playlists are. A song that only moved has neither entered nor left.",
        top=10,
    ),
    Chart(
        "Entered and left since a week ago",
        query="songs_entered_and_left",
        kind=Kind.TABLE,
        rows="songs",
        label=TRACK,
        values=(ARTIST, Field("change", "Change"), PLAYLIST),
        see="Each playlist as it is now, against what it was a week ago or the last time before.",
        top=20,
    ),
)

POPULAR = (
    Chart(
        "What changed most in popularity",
        query="top_played_movers",
        kind=Kind.TABLE,
        rows="songs",
        label=TRACK,
        values=(ARTIST, _whole("popularity_before", "Before"), _whole("popularity", "Now"), _whole("change", "Change")),
        see="Songs of the playlists whose popularity rose or fell since the week before, the largest change first.",
        top=10,
    ),
    Chart(
        "What is popular",
        query="popular_now",
        kind=Kind.TABLE,
        rows="songs",
        label=TRACK,
        values=(ARTIST, POPULARITY, ALBUM),
        see="What the search by years found in its newest week: candidates for a playlist.",
        top=10,
        untouched=NOT_SEARCHED,
    ),
)

CARE = (
    Chart(
        "Songs on more than one playlist",
        query="songs_on_several_playlists",
        kind=Kind.TABLE,
        rows="songs",
        label=TRACK,
        values=(ARTIST, _whole("playlists", "Playlists"), POPULARITY),
        see="The same song in several places, on purpose or not.",
        top=10,
    ),
    Chart(
        "Entries set aside in the last run, by reason",
        query="entries_set_aside_by_reason",
        kind=Kind.BAR,
        rows="reasons",
        label=Field("reason", "Reason"),
        values=(_whole("records", "Records", adds_up=True),),
        see="Local files, episodes and removed tracks are no fault. Any other reason is worth a look.",
        top=10,
        untouched=ALL_IN_ORDER,
    ),
)

SPOTIFY = Dashboard(
    source="spotify",
    title="Spotify playlists",
    about="What is on the playlists and by whom, what entered and left, what is popular, and what was set aside.",
    charts=NUMBERS + SONGS + NEWS + POPULAR + CARE,
)
