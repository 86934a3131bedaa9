from __future__ import annotations

from lakelet.next_step import next_step

RUN = {"stream": "olympics/athletes", "run": "20260302T050000Z"}
AGAIN = "lakelet run olympics"


def test_a_good_run_asks_for_nothing() -> None:
    assert next_step({**RUN, "state": "curated"}, AGAIN) is None


def test_whatever_is_unfinished_goes_on_with_the_same_command() -> None:
    for state in ("extracting", "waiting", "extracted", "curating"):
        assert next_step({**RUN, "state": state, "resume_at": 0}, AGAIN) == f"go on with: {AGAIN}"


def test_what_broke_is_mended_first() -> None:
    assert next_step({}, AGAIN) == f"mend its cause, then: {AGAIN}"
    assert next_step({**RUN, "state": "failed", "reason": "x"}, AGAIN) == f"mend its cause, then: {AGAIN}"
    parked = {**RUN, "state": "parked"}
    assert next_step(parked, AGAIN) == "mend its cause, then: lakelet retry olympics/athletes/20260302T050000Z"
    assert (next_step(parked, AGAIN, live=True) or "").endswith(" --live")


def test_the_real_api_is_waited_for_and_a_refused_key_is_named() -> None:
    live = f"{AGAIN} --live"
    assert next_step({**RUN, "state": "waiting", "resume_at": 1_772_431_200}, live, live=True).startswith("after 2026-")
    refused = {**RUN, "state": "failed", "reason": "/athletes answers 401: the API refuses our key; set a new one"}
    assert next_step(refused, live, live=True) == f"put the right key into LAKELET_API_KEY, then: {live}"
