"""The queries in queries/: one file each, which says what it answers."""

from infra.queries import FOLDER, queries_of
from sources import SOURCES


def test_every_query_belongs_to_a_source_and_says_what_it_answers():
    assert {folder.name for folder in FOLDER.iterdir()} <= set(SOURCES)
    for source in SOURCES:
        for query in queries_of(source):
            assert query.sql.startswith("-- "), f"{query.name}: the first line says what the query answers"
            assert query.description.endswith(".")


def test_the_first_comment_is_the_description(tmp_path):
    (tmp_path / "tennis").mkdir()
    (tmp_path / "tennis" / "aces.sql").write_text("-- Aces by player.\nSELECT 1\n")
    (query,) = queries_of("tennis", tmp_path)
    assert (query.source, query.name, query.description) == ("tennis", "aces", "Aces by player.")


def test_a_source_without_a_folder_has_no_queries(tmp_path):
    assert queries_of("olympics", tmp_path) == []
